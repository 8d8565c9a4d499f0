"""`koutu id-photo`: identity photos."""

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from koutu.errors import KoutuError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_err = Console(stderr=True)
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}


def id_photo(
    files: Annotated[list[str], typer.Argument(metavar="FILES|DIRS", help="Photos of one person each, from the front.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file for one photo, or a folder; by default PHOTO.id.jpg."),
    ] = None,
    size: Annotated[
        str, typer.Option(help="35x45mm, 2x2in, 413x531px, or eu, us, cn, ca, 1inch (25x35 mm), 2inch (35x49 mm).")
    ] = "35x45mm",
    dpi: Annotated[int, typer.Option(min=72, max=1200, help="Pixels per inch.")] = 300,
    background: Annotated[str, typer.Option(help="white, blue, red, grey, or any colour.")] = "white",
    sheet: Annotated[
        str | None,
        typer.Option(metavar="PAPER", help="Also write PHOTO.sheet.jpg: 4x6in, 5x7in, a4, 100x150mm."),
    ] = None,
    head: Annotated[
        float | None,
        typer.Option(min=0.3, max=0.9, help="From chin to crown, as a share of the height."),
    ] = None,
) -> None:
    """Make identity photos: the face upright and centred, head and eyes where the rules of the size want them.

    What an authority may object to is said for each photo; looks and light are not judged.

    For example:
      koutu id-photo portrait.jpg -o passport.jpg

      koutu id-photo portrait.jpg --size us --dpi 600

      koutu id-photo portraits/ -o ids/ --size 1inch --background blue --sheet 4x6in

    Exit codes: 0 all is done; 1 some photos failed; 2 the command is wrong.
    """
    import koutu
    from koutu.cli.cutting.inputs import find_photos
    from koutu.cli.cutting.run import reason
    from koutu.cli.cutting.tally import shown
    from koutu.cli.cutting.targets import is_file_name, plan
    from koutu.cli.installing import with_models
    from koutu.images.backdrop import colour
    from koutu.images.photo import to_picture
    from koutu.studio.id_photo import BACKGROUNDS, id_photo
    from koutu.studio.print_sheet import print_sheet
    from koutu.studio.rules import read_size

    try:
        wanted = read_size(size, dpi)
        paper = None if sheet is None else read_size(sheet, dpi)
    except KoutuError as error:
        raise typer.BadParameter(error.message) from None
    rgb = BACKGROUNDS.get(background.lower()) or colour(background)
    if rgb is None:
        raise typer.BadParameter(f"{background!r} is no colour.", param_hint="--background")
    named = output is not None and is_file_name(output)
    suffix = output.suffix.lower() if named and output is not None else ".jpg"
    if suffix not in _FORMATS:
        raise typer.BadParameter(f"{suffix} is no format here; there are {', '.join(_FORMATS)}.", param_hint="--output")
    made_here = [] if output is not None else [".id.jpg", ".id.sheet.jpg"]
    tasks = plan(list(find_photos(files, output, made_here)), output, ".id", suffix)
    if not tasks:
        raise typer.BadParameter(f"there is no photo in {', '.join(files)}.", param_hint="FILES")
    if named and len(tasks) > 1:
        raise typer.BadParameter("several photos need a folder, not a file.", param_hint="--output")
    failed = 0
    for task in tasks:
        path = task.source.path
        try:
            picture = to_picture(path)
            photo = with_models(partial(id_photo, picture, wanted, dpi, rgb, koutu.here, head), _err)
            _save(task.target, photo.image, dpi)
            said = [f"head {photo.head:.0%}, eyes at {photo.eyes:.0%} from below"]
            if paper is not None:
                copies_laid_out, copies = print_sheet(photo.image, wanted, paper, dpi)
                _save(task.target.with_name(f"{task.target.stem}.sheet{suffix}"), copies_laid_out, dpi)
                said.append(f"{copies} on a sheet")
        except (KoutuError, OSError) as error:
            failed += 1
            _err.print(f"{shown(path)}: {reason(error)}", style="red", markup=False, highlight=False, soft_wrap=True)
            continue
        _err.print(f"{shown(path)} -> {shown(task.target)}: {', '.join(said)}", markup=False, highlight=False, soft_wrap=True)
        for note in photo.notes:
            _err.print(f"  mind: {note}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(int(failed > 0))


def _save(path: Path, image: "NDArray[np.uint8]", dpi: int) -> None:
    """Write a picture that prints at its size."""
    from PIL import Image

    from koutu.cli.whole_files import write_whole

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, _FORMATS[path.suffix.lower()], quality=95, dpi=(dpi, dpi))
    write_whole(path, buffer.getvalue())
