"""`koutu cut`: cut things out of files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from koutu.contract import ACTIONS, Action, Form
from koutu.errors import KoutuError

_err = Console(stderr=True)


def _short_name(action: Action) -> str:
    return action.function.removeprefix("segment_").removesuffix("_image").replace("_", "-")


_SINGLE_PHOTO = {_short_name(action): action for action in ACTIONS.values() if len(action.images) == 1}


def _complete(incomplete: str) -> list[str]:
    return [name for name in _SINGLE_PHOTO if name.startswith(incomplete)]


def cut(
    action: Annotated[str, typer.Argument(help=f"What to cut out: {', '.join(_SINGLE_PHOTO)}.", autocompletion=_complete)],
    files: Annotated[list[Path], typer.Argument(help="Photos (JPEG, PNG, BMP, WEBP).", exists=True, dir_okay=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="A file for one photo, or a folder; by default PHOTO.ACTION.png beside each photo."
        ),
    ] = None,
    form: Annotated[Form, typer.Option(help="rgba, mask, crop or white.")] = Form.RGBA,
) -> None:
    """Cut something out of photos, without a server.

    Examples: koutu cut common photo.jpg -o out.png; koutu cut commodity *.jpg -o cutouts --form white
    """
    if action not in _SINGLE_PHOTO:
        raise typer.BadParameter(f"{action!r} is not an action; there are {', '.join(_SINGLE_PHOTO)}.", param_hint="ACTION")
    chosen = _SINGLE_PHOTO[action]
    wire = next((wire for wire, named in chosen.forms.items() if named is form), None)
    if wire is None:
        raise typer.BadParameter(f"{action} knows {', '.join(chosen.forms.values())}.", param_hint="--form")
    if len(files) > 1 and output is not None and output.suffix:
        raise typer.BadParameter("several photos need a folder, not a file.", param_hint="--output")
    failed = 0
    for file in files:
        target = _target(file, action, output)
        try:
            _cut_one(chosen, wire, file, target)
            _err.print(f"{file} -> {target}", highlight=False, soft_wrap=True)
        except (KoutuError, OSError) as error:
            failed += 1
            _err.print(f"[red]{file}:[/red] {error}", highlight=False, soft_wrap=True)
    raise typer.Exit(int(failed > 0))


def _target(file: Path, action: str, output: Path | None) -> Path:
    if output is None:
        return file.with_name(f"{file.stem}.{action}.png")
    return output if output.suffix else output / f"{file.stem}.png"


def _cut_one(action: Action, wire_form: str, file: Path, target: Path) -> None:
    from koutu.library import call

    params = {"return_form": wire_form} if wire_form else {}
    result = call(action.function, (file,), **params)
    target.parent.mkdir(parents=True, exist_ok=True)
    result.save(target)
