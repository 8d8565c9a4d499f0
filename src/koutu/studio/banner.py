"""Banners: product cutouts laid into a template.

A template is a folder with `template.toml` beside its pictures, or that file itself:

    size = [1200, 628]                  # pixels
    background = "ground.jpg"           # a picture that fills the canvas, or a colour
    overlay = "frame.png"               # optional: laid over everything

    [[slots]]                           # one for each product on the banner
    box = [620, 60, 520, 500]           # left, top, width, height in pixels
    align = "bottom"                    # centre, top, bottom, left, right
    shadow = 0.4                        # 0 = none

    [[texts]]
    text = "{name}"                     # {name} is the photo's file name
    at = [60, 240]                      # left and top of the first line
    size = 56
    colour = "#202020"
    font = "Font.ttf"                   # optional; needed for other than Latin script
    width = 480                         # lines are broken to this, and words that are longer make all of it smaller
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from koutu.errors import InvalidParameter
from koutu.images.backdrop import colour, cover, plain
from koutu.images.photo import to_picture

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
_LEAST_SIZE = 8
Side = Annotated[int, Field(ge=1, le=20_000)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Slot(_Table):
    """Where a product goes; it is enlarged or shrunk until it fills the box in one direction."""

    box: tuple[int, int, Side, Side]
    align: Literal["centre", "top", "bottom", "left", "right"] = "centre"
    shadow: float = Field(default=0.35, ge=0, le=1)


class Text(_Table):
    """A piece of text; `{name}` stands for the first product's file name."""

    text: str
    at: tuple[int, int]
    size: int = Field(default=48, ge=4, le=2000)
    colour: str = "black"
    font: Path | None = None
    width: Side | None = None


class Template(_Table):
    """A banner without its products."""

    size: tuple[Side, Side]
    background: str = "white"
    overlay: Path | None = None
    slots: tuple[Slot, ...] = Field(min_length=1)
    texts: tuple[Text, ...] = ()
    folder: Path = Field(default=Path(), exclude=True)


def read_template(path: Path) -> Template:
    """Read a template.

    Args:
        path: a folder with `template.toml`, or a TOML file.

    Raises:
        InvalidParameter: it cannot be read, or says what no template says.
    """
    file = path / "template.toml" if path.is_dir() else path
    try:
        template = Template(**tomllib.loads(file.read_text(encoding="utf-8")), folder=file.parent)
    except OSError as error:
        raise InvalidParameter(f"There is no template at {file}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidParameter(f"{file} is no TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidParameter(f"{file}: {place}: {first['msg']}.") from error
    for picture in (template.overlay, *(text.font for text in template.texts)):
        if picture is not None and not (template.folder / picture).is_file():
            raise InvalidParameter(f"{file}: there is no {picture}.")
    for text in template.texts:
        if colour(text.colour) is None:
            raise InvalidParameter(f"{file}: {text.colour!r} is no colour.")
    return template


def make_banner(template: Template, products: list[Image.Image], name: str) -> Bytes:
    """Lay products into a template.

    Args:
        template: with at least as many slots as there are products.
        products: RGBA cutouts, without empty margins.
        name: what `{name}` in texts becomes.

    Returns:
        uint8 RGB (H, W, 3).

    Raises:
        InvalidParameter, ImageContent: the template's pictures cannot be used.
    """
    width, height = template.size
    canvas = _ground(template, height, width).astype(np.float32) / np.float32(255)
    for slot, product in zip(template.slots, products, strict=False):
        _lay(canvas, product, slot)
    image = Image.fromarray(np.rint(canvas * 255).astype(np.uint8))
    if template.overlay is not None:
        with Image.open(template.folder / template.overlay) as overlay:
            over = overlay.convert("RGBA").resize(template.size, Image.Resampling.LANCZOS)
        image = Image.alpha_composite(image.convert("RGBA"), over).convert("RGB")
    for text in template.texts:
        _write(image, text, template.folder, name)
    return np.asarray(image, np.uint8)


def _ground(template: Template, height: int, width: int) -> Bytes:
    rgb = colour(template.background)
    if rgb is not None:
        return plain(rgb, height, width)
    file = template.folder / template.background
    if not file.is_file():
        raise InvalidParameter(f"The background {template.background!r} is neither a colour nor a file of the template.")
    return cover(to_picture(file), height, width)


def _lay(canvas: Floats, product: Image.Image, slot: Slot) -> None:
    left, top, width, height = slot.box
    scale = min(width / product.width, height / product.height)
    size = max(1, round(product.width * scale)), max(1, round(product.height * scale))
    rgba = np.asarray(product.convert("RGBA"), np.uint8).astype(np.float32) / np.float32(255)
    rgba[..., :3] *= rgba[..., 3:]  # colours of invisible pixels must not bleed into edges
    rgba = np.clip(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), 0, 1)
    x = left + {"left": 0, "right": width - size[0]}.get(slot.align, (width - size[0]) // 2)
    y = top + {"top": 0, "bottom": height - size[1]}.get(slot.align, (height - size[1]) // 2)
    if slot.shadow:
        _over(canvas, _shadow(rgba[..., 3], slot.shadow), *_shadow_place(x, y, size))
    _over(canvas, rgba.astype(np.float32), x, y)


def _shadow_place(x: int, y: int, size: tuple[int, int]) -> tuple[int, int]:
    """Where a contact shadow lies: about the product's foot."""
    margin, height = _shadow_size(size)
    return x - margin, y + size[1] - round(0.6 * height) - margin


def _shadow_size(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, size[0] // 8), max(4, round(0.10 * min(size)))


def _shadow(alpha: NDArray[np.float32], strength: float) -> Floats:
    """A soft shadow on the ground: the foot of the product pressed flat and blurred; black, float32 (h, w, 4)."""
    height, width = alpha.shape
    margin, flat = _shadow_size((width, height))
    foot = alpha[-max(1, height // 4) :].max(axis=0)
    pressed = np.zeros((flat + 2 * margin, width + 2 * margin), np.float32)
    inset = max(1, flat // 4)
    pressed[margin + inset : margin + flat - inset, margin:-margin] = foot
    spread = max(1.0, margin / 2.5)
    blurred = cv2.GaussianBlur(pressed, (0, 0), spread, sigmaY=max(1.0, flat / 3))
    shadow = np.zeros((*pressed.shape, 4), np.float32)
    shadow[..., 3] = blurred * (strength / max(float(blurred.max()), 1e-6))
    return shadow


def _over(canvas: Floats, layer: Floats, x: int, y: int) -> None:
    """Lay premultiplied RGBA over a canvas in place; what does not fit is cut off."""
    height, width = canvas.shape[:2]
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + layer.shape[1]), min(height, y + layer.shape[0])
    if right <= left or bottom <= top:
        return
    part = layer[top - y : bottom - y, left - x : right - x]
    below = canvas[top:bottom, left:right]
    below *= 1 - part[..., 3:]
    below += part[..., :3]


def _write(image: Image.Image, text: Text, folder: Path, name: str) -> None:
    draw = ImageDraw.Draw(image)
    said = text.text.replace("{name}", name)
    size = text.size
    font = _font(text, folder, size)
    while text.width is not None and size > _LEAST_SIZE and _longest(draw, said, font) > text.width:
        size -= 1
        font = _font(text, folder, size)
    lines: list[str] = []
    for paragraph in said.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text.width is not None and draw.textlength(longer, font) > text.width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    draw.multiline_text(text.at, "\n".join(lines), fill=text.colour, font=font, spacing=size // 4)


def _longest(draw: ImageDraw.ImageDraw, said: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> float:
    return max((draw.textlength(word, font) for word in said.split()), default=0.0)


def _font(text: Text, folder: Path, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.truetype(folder / text.font, size) if text.font else ImageFont.load_default(size)
