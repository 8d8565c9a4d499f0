"""`koutu cut`: cut things out of files."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from koutu.contract import ACTIONS, Action, Form
from koutu.contract.python_names import command_name
from koutu.errors import KoutuError

if TYPE_CHECKING:
    from koutu.cli.cutting.engine import Job
    from koutu.cli.cutting.targets import Task
    from koutu.functions import Functions

_err = Console(stderr=True)
_CUT_FORMS = (Form.RGBA, Form.MASK, Form.CROP, Form.WHITE)
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".tif", ".tiff", ".bmp")
_BROKEN_ENGINE = 3
_INTERRUPTED = 130


def actions_by_name() -> dict[str, Action]:
    """The actions that take a photo, by their names on the command line."""
    return {command_name(action): action for action in ACTIONS.values() if action.images}


_BY_NAME = actions_by_name()


def _complete_action(incomplete: str) -> list[tuple[str, str]]:
    return [(name, action.purpose) for name, action in _BY_NAME.items() if name.startswith(incomplete)]


def cut(
    action: Annotated[str, typer.Argument(help=f"What to cut out: {', '.join(_BY_NAME)}.", autocompletion=_complete_action)],
    files: Annotated[
        list[str], typer.Argument(metavar="FILES|DIRS|-", help="Photos, folders with photos, patterns; - = standard input.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A file for one photo, a folder for many (their tree is kept), - for standard output; "
            "by default PHOTO.ACTION.png beside each photo.",
        ),
    ] = None,
    form: Annotated[Form | None, typer.Option(help="What the result is: rgba, mask, crop or white.")] = None,
    background: Annotated[
        str | None, typer.Option(metavar="COLOR|IMAGE", help="Lay the cutout on a colour (white, '#1a73e8') or a picture.")
    ] = None,
    second: Annotated[
        Path | None,
        typer.Option(
            "--with", help="The mask for refine-mask, the photo with the sky for change-sky.", exists=True, dir_okay=False
        ),
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="Of the results: png, jpg, webp, avif, tif, bmp.")] = "png",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Photos at once; by default one for every core, at most 4.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Cut again what is done already.")] = False,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Go on with what comes into the folders, until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks with --watch.")] = 2.0,
    report: Annotated[Path | None, typer.Option(help="Write counts and failures to this JSON file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but failures and the summary.")] = False,
    install: Annotated[bool, typer.Option(help="Fetch a model that is missing, once.")] = True,
    endpoint: Annotated[
        str | None, typer.Option(help="Let this server do it; host:port or URL.", envvar="KOUTU_ENDPOINT")
    ] = None,
    key_id: Annotated[str, typer.Option(help="Access key id for --endpoint.", envvar="KOUTU_KEY_ID")] = "",
    secret: Annotated[str, typer.Option(help="Its secret; better set in the environment.", envvar="KOUTU_KEY_SECRET")] = "",
) -> None:
    """Cut something out of photos, on this machine or on a server.

    Results appear whole or not at all; what is done already is passed over, so a run that was stopped goes on where it was.

    For example:
      koutu cut common photo.jpg -o cutout.png

      koutu cut body photos/ -o cutouts/ --form crop

      koutu cut commodity "*.jpg" -o shop/ --background white --format jpg

      cat photo.jpg | koutu cut animal - > cutout.png

      koutu cut body inbox/ -o outbox/ --watch

      koutu cut change-sky *.jpg --with sunset.jpg -o evening/

      koutu cut food menu/ -o out/ --endpoint 127.0.0.1:8080 --key-id ID

    Exit codes: 0 all is done; 1 some photos failed; 2 the command is wrong; 3 no photo can be cut (no model, server or room);
    130 stopped by Ctrl-C.
    """
    from koutu.cli.cutting.engine import Job

    chosen = _BY_NAME.get(action)
    if chosen is None:
        raise typer.BadParameter(f"{action!r} is not an action; there are {', '.join(_BY_NAME)}.", param_hint="ACTION")
    to_stdout = output == Path("-") or (output is None and files == ["-"])
    suffix = _suffix(output, file_format)
    _check(chosen, action, form, background, second)
    job = Job(chosen, form, background, second, suffix, _functions(endpoint, key_id, secret), install)
    if "-" in files or to_stdout:
        if len(files) > 1 or watch:
            raise typer.BadParameter("- stands alone: one photo in, one result out.", param_hint="FILES")
        _cut_stream(job, files[0], None if to_stdout else output)
        return
    _cut_files(job, action, files, output, suffix, jobs, overwrite, every if watch else None, report, quiet)


def _cut_stream(job: "Job", name: str, output: Path | None) -> None:
    from koutu.cli.cutting.inputs import Source
    from koutu.cli.cutting.run import reason
    from koutu.cli.cutting.targets import Task, write

    if output is None and sys.stdout.isatty():
        raise typer.BadParameter("a picture is not written to a terminal; use -o FILE or redirect.", param_hint="--output")
    try:
        data = job.cut(sys.stdin.buffer.read() if name == "-" else Path(name), _err)
        if output is not None:
            write(Task(Source(Path(name), Path(name)), output), data, job.settings)
            return
    except (KoutuError, OSError) as error:
        _err.print(f"{name}: {reason(error)}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(_exit_code(error)) from None
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _exit_code(error: Exception) -> int:
    from koutu.cli.cutting.engine import ends_the_run

    return _BROKEN_ENGINE if ends_the_run(error) else 1


def _cut_files(
    job: "Job",
    name: str,
    files: list[str],
    output: Path | None,
    suffix: str,
    jobs: int | None,
    overwrite: bool,
    every: float | None,
    report: Path | None,
    quiet: bool,
) -> None:
    from koutu.cli.cutting.inputs import find_photos
    from koutu.cli.cutting.run import Stopped, run, watch
    from koutu.cli.cutting.tally import Tally
    from koutu.cli.cutting.targets import is_file_name, plan

    def find() -> "list[Task]":
        made_here = [f".{name}{suffix}"] if output is None else []
        return plan(list(find_photos(files, output, made_here)), output, f".{name}", suffix)

    def work(tasks: "Sequence[Task]") -> None:
        run(tasks, job, tally, _err, jobs=jobs, overwrite=overwrite, quiet=quiet)

    tasks = find()
    if len(tasks) > 1 and output is not None and is_file_name(output):
        raise typer.BadParameter("several photos need a folder, not a file.", param_hint="--output")
    if not tasks and every is None:
        raise typer.BadParameter(f"there is no photo in {', '.join(files)}.", param_hint="FILES")
    tally = Tally()
    code = 0
    started = time.monotonic()
    try:
        if every is None:
            work(tasks)
        else:
            _err.print("Watching; Ctrl-C ends it.")
            watch(find, work, every)
    except Stopped as stopped:
        _err.print(f"Stopped: {stopped}", style="red", markup=False, highlight=False, soft_wrap=True)
        code = _BROKEN_ENGINE
    except KeyboardInterrupt:
        code = 0 if every is not None else _INTERRUPTED
    seconds = time.monotonic() - started
    left = 0 if every is not None else len(tasks) - tally.done - tally.skipped - len(tally.failures)
    if len(tasks) > 1 or tally.failures or tally.skipped or left:
        tally.print(_err, seconds, left)
    if code == _INTERRUPTED:
        _err.print("Stopped; the same command goes on from here.")
    if report is not None:
        tally.write(report, seconds, left)
    raise typer.Exit(code or int(bool(tally.failures)))


def _suffix(output: Path | None, file_format: str) -> str:
    """The suffix of the results: that of the one file asked for, else by --format."""
    from koutu.cli.cutting.targets import is_file_name

    named = output is not None and output != Path("-") and is_file_name(output)
    suffix = output.suffix.lower() if named and output is not None else f".{file_format.lower().lstrip('.')}"
    if suffix not in _SUFFIXES:
        raise typer.BadParameter(f"{suffix} is no format; there are {', '.join(_SUFFIXES)}.", param_hint="--output or --format")
    return suffix


def _check(action: Action, name: str, form: Form | None, background: str | None, second: Path | None) -> None:
    own = action.form(None)
    forms = _CUT_FORMS if own in _CUT_FORMS else (own,)
    if form is not None and form not in forms:
        raise typer.BadParameter(f"{name} knows {', '.join(forms)}.", param_hint="--form")
    if background is not None:
        if own not in _CUT_FORMS:
            raise typer.BadParameter(f"{name} cuts nothing out that could be laid on it.", param_hint="--background")
        from koutu.images.backdrop import colour

        if colour(background) is None and not Path(background).is_file():
            raise typer.BadParameter(f"{background!r} is neither a colour nor a file.", param_hint="--background")
    if (second is None) == (len(action.images) > 1):
        needs = "needs --with FILE" if second is None else "takes no --with"
        raise typer.BadParameter(f"{name} {needs}.", param_hint="--with")


def _functions(endpoint: str | None, key_id: str, secret: str) -> "Functions":
    if endpoint is None:
        import koutu

        return koutu.here
    if not key_id or not secret:
        raise typer.BadParameter(
            "a server needs KOUTU_KEY_ID and KOUTU_KEY_SECRET, or --key-id and --secret.", param_hint="--endpoint"
        )
    from koutu.client import Client

    try:
        return Client(endpoint, key_id, secret)
    except KoutuError as error:
        raise typer.BadParameter(error.message, param_hint="--endpoint") from None
