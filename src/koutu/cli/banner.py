"""`koutu banner`: products laid into a template."""

import io
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from koutu.errors import KoutuError

_err = Console(stderr=True)
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}


def banner(
    template: Annotated[Path, typer.Argument(metavar="TEMPLATE", help="Folder with template.toml, or that file.", exists=True)],
    files: Annotated[list[str], typer.Argument(metavar="FILES|DIRS", help="Photos of products.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the banners.")] = Path("banners"),
    action: Annotated[str, typer.Option(help="What cuts them out: commodity, common, food, ...")] = "commodity",
    file_format: Annotated[str, typer.Option("--format", help="jpg, png or webp.")] = "jpg",
    ready: Annotated[bool, typer.Option("--ready", help="The photos are cutouts already: use their transparency.")] = False,
) -> None:
    """Cut products out and lay them into a template, one banner for each; a template with several slots takes several.

    A template says size, background, slots and texts; examples/banner/template.toml is one to start from.

    For example:
      koutu banner examples/banner products/ -o banners/

      koutu banner sale.toml shoes/*.jpg --format png

    Exit codes: 0 all is done; 1 some photos failed; 2 the command is wrong.
    """
    import koutu
    from koutu.cli.cut import actions_by_name
    from koutu.cli.cutting.inputs import find_photos
    from koutu.cli.cutting.run import reason
    from koutu.cli.cutting.tally import shown
    from koutu.cli.cutting.targets import plan
    from koutu.cli.installing import with_models
    from koutu.cli.whole_files import write_whole
    from koutu.images.photo import Photo, to_picture
    from koutu.studio.banner import make_banner, read_template
    from koutu.studio.product import cut_product, ready_product

    if file_format not in _FORMATS:
        raise typer.BadParameter(f"{file_format!r} is no format here; there are {', '.join(_FORMATS)}.", param_hint="--format")
    chosen = actions_by_name().get(action)
    if chosen is None or len(chosen.images) > 1:
        raise typer.BadParameter(f"{action!r} cuts no products out.", param_hint="--action")
    try:
        layout = read_template(template)
    except KoutuError as error:
        raise typer.BadParameter(error.message, param_hint="TEMPLATE") from None
    tasks = plan(list(find_photos(files, output)), output, "", f".{file_format}")
    if not tasks:
        raise typer.BadParameter(f"there is no photo in {', '.join(files)}.", param_hint="FILES")
    cut = ready_product if ready else partial(cut_product, functions=koutu.here, name=chosen.function)
    failed = 0
    waiting: list[tuple[Path, Photo]] = []
    from PIL import Image

    products: list[Image.Image] = []
    for number, task in enumerate(tasks, 1):
        path = task.source.path
        try:
            products.append(with_models(partial(cut, to_picture(path)), _err))
            waiting.append((task.target, path))
        except (KoutuError, OSError) as error:
            failed += 1
            _err.print(f"{shown(path)}: {reason(error)}", style="red", markup=False, highlight=False, soft_wrap=True)
        if products and (len(products) == len(layout.slots) or number == len(tasks)):
            target = waiting[0][0]
            picture = make_banner(layout, products, target.stem)
            buffer = io.BytesIO()
            Image.fromarray(picture).save(buffer, _FORMATS[file_format], quality=92)
            write_whole(target, buffer.getvalue())
            names = ", ".join(shown(str(source)) for _, source in waiting)
            _err.print(f"{names} -> {shown(target)}", markup=False, highlight=False, soft_wrap=True)
            products, waiting = [], []
    raise typer.Exit(int(failed > 0))
