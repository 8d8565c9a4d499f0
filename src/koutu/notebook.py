"""How results are shown in notebooks: small pictures, transparent ones on a checkerboard."""

import base64
import html
import io
from typing import TYPE_CHECKING

from PIL import Image

from koutu.images.labels import palette
from koutu.images.photo import from_array
from koutu.images.sheet import shrink

if TYPE_CHECKING:
    from koutu.results import Result

_SIDE = 640
_THUMBNAIL = 180
_MOST_ELEMENTS = 24


def shown(image: Image.Image, side: int = _SIDE) -> bytes:
    """A picture as a PNG file of at most `side` x `side` pixels."""
    if image.mode == "P":
        small: Image.Image = image.copy()
        small.thumbnail((side, side), Image.Resampling.NEAREST)
    else:
        small = Image.fromarray(shrink(from_array(image), side))
    buffer = io.BytesIO()
    small.save(buffer, "PNG")
    return buffer.getvalue()


def legend(result: "Result") -> str:
    """A labelled scene with its classes and how much of the photo each covers."""
    colours = palette(len(result.classes))
    rows = "".join(
        f'<li><span style="display:inline-block;width:1em;height:1em;background:rgb{tuple(map(int, colours[index]))}"></span> '
        f"{html.escape(name)} {share:.1%}</li>"
        for name, share in result.shares.items()
        for index in [result.classes.index(name)]
    )
    return (
        f'<div style="display:flex;gap:1em">{_img(shown(result.image), "labels")}<ul style="list-style:none">{rows}</ul></div>'
    )


def elements(result: "Result") -> str:
    """Everything together, then each element with its name and place."""
    figures = []
    for element in result.elements[:_MOST_ELEMENTS]:
        caption = f"{element.name} {element.width}×{element.height} at ({element.x}, {element.y})".strip()
        picture = _img(shown(element.image, _THUMBNAIL), element.name or "element")
        figures.append(f'<figure style="margin:0">{picture}<figcaption>{html.escape(caption)}</figcaption></figure>')
    more = len(result.elements) - _MOST_ELEMENTS
    rest = f"<p>and {more} more</p>" if more > 0 else ""
    row = f'<div style="display:flex;flex-wrap:wrap;gap:1em">{"".join(figures)}</div>'
    return _img(shown(result.image), "everything") + row + rest


def _img(png: bytes, alt: str) -> str:
    return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
