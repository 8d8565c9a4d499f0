"""`koutu batch`: every photo of a bucket through one action."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from koutu.contract import ACTIONS
from koutu.errors import KoutuError

_SINGLE_PHOTO = {action.name: action for action in ACTIONS.values() if len(action.images) == 1}
_err = Console(stderr=True)


def batch(
    source: Annotated[str, typer.Argument(help="Photos: s3://bucket/folder, gs://, az:// or file:///folder.")],
    target: Annotated[str, typer.Argument(help="Where results go, in the same forms.")],
    action: Annotated[str, typer.Argument(help="The action, e.g. SegmentCommonImage.")],
    form: Annotated[str, typer.Option(help="ReturnForm of the action.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Photos that are worked on at once.")] = 1,
    cpus: Annotated[float, typer.Option(min=0, help="Cores that Ray sets aside for one worker.")] = 1.0,
) -> None:
    """Work on every photo of a bucket, on the Ray cluster at KOUTU_RAY_ADDRESS, or (=local) on this machine.

    A photo that has a newer result is passed over, so a run that was stopped or killed goes on where it was. The exit status is
    1 where a photo failed; run it again to try those once more.
    """
    if action not in _SINGLE_PHOTO:
        raise typer.BadParameter(
            f"{action!r} takes no single photo; these do: {', '.join(_SINGLE_PHOTO)}.", param_hint="ACTION"
        )
    try:
        from koutu.cli.bucket.run import pending, run
    except ModuleNotFoundError:
        typer.echo("This needs the package ray: pip install koutu[cluster].", err=True)
        raise typer.Exit(1) from None
    from koutu.settings import current

    failed = 0
    try:
        keys, before = pending(source, target)
        typer.echo(f"{len(keys)} photos to do, {before} done before")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=_err) as progress:
            task = progress.add_task(action, total=len(keys))
            rows = run(
                current(), keys, source, target, action, {"ReturnForm": form} if form else {}, workers=workers, cpus=cpus
            )
            for row in rows if keys else ():
                progress.advance(task)
                if row["error"]:
                    failed += 1
                    progress.console.print(f"{row['key']}: {row['error']}", style="red", highlight=False, soft_wrap=True)
    except KoutuError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{len(keys) - failed} done, {failed} failed")
    raise typer.Exit(int(failed > 0))
