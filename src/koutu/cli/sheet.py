"""`koutu sheet`: see many cutouts at once."""

from pathlib import Path
from typing import Annotated

import typer


def sheet(
    files: Annotated[list[Path], typer.Argument(help="Photos and cutouts, in order.", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The PNG to write.")] = Path("sheet.png"),
    columns: Annotated[int, typer.Option(min=1, help="Pictures in a row.")] = 4,
    side: Annotated[int, typer.Option(min=16, help="Size of a picture in pixels.")] = 360,
) -> None:
    """Write a contact sheet: pictures side by side, transparent ones on a checkerboard.

    Example: koutu sheet cutouts/*.png -o sheet.png
    """
    from koutu.images.png import encode_png
    from koutu.images.sheet import contact_sheet
    from koutu.library import to_picture

    picture = contact_sheet([to_picture(file) for file in files], columns, side)
    height, width = picture.shape[:2]
    output.write_bytes(encode_png(lambda top, bottom: picture[top:bottom], width, height, 3))
    typer.echo(f"{output}: {len(files)} pictures")
