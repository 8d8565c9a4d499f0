"""What an action found: the same whether it ran in this process or on a server."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from koutu.actions.outcome import Element, Outcome
from koutu.contract import Form
from koutu.errors import InvalidParameter
from koutu.images.backdrop import colour, cover, plain
from koutu.images.compose import CHANNELS, Composition
from koutu.images.labels import encode_labels, palette
from koutu.images.photo import Photo, to_picture
from koutu.images.picture import Picture
from koutu.images.png import encode_png

Bytes = NDArray[np.uint8]
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".avif": "AVIF", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP"}
_OPAQUE = ("JPEG", "BMP")


@dataclass(frozen=True, slots=True)
class Encoded:
    """One result picture as a PNG file, with its place on the input in pixels and its name (a facial part, a class)."""

    data: bytes
    x: int
    y: int
    width: int
    height: int
    name: str


class ResultElement:
    """One cut-out thing.

    Attributes:
        x, y, width, height: its place on the input, in pixels.
        name: what it is, where the action tells.
    """

    def __init__(self, size: tuple[int, int], element: Element, colours: Bytes, form: Form, pure: bool) -> None:
        self._size = size
        self._element = element
        self._colours = colours
        self._form = form
        self._pure = pure
        self.x, self.y, self.width, self.height = element.x, element.y, element.width, element.height
        self.name = element.name

    @property
    def box(self) -> tuple[slice, slice]:
        """Its place on the input, to index an array (H, W, ...) with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @cached_property
    def mask(self) -> NDArray[np.float32]:
        """Alpha on the input's canvas, float32 (H, W), 0..1."""
        canvas = np.zeros(self._size, np.float32)
        canvas[self.box] = self._element.alpha * np.float32(1 / 255)
        return canvas

    @cached_property
    def image(self) -> Image.Image:
        """The picture as the return form says: RGBA, RGB on white, or a one-channel mask."""
        return Image.fromarray(self._composition().array())

    def on(self, background: Photo) -> Image.Image:
        """The element on a colour ("white", "#1a73e8") or on a photo that fills its box; RGB."""
        ground = _backdrop(background, self.height, self.width)
        return Image.fromarray(
            Composition(self._colours, self._element.alpha, Form.RGBA, pure=self._pure, backdrop=ground).array()
        )

    def encode(self) -> Encoded:
        """The picture as a PNG file."""
        composition = self._composition()
        return Encoded(composition.encode(), self.x, self.y, composition.width, composition.height, self.name)

    def save(self, path: str | Path) -> None:
        """Write the picture: as PNG, or in the format of the path's suffix; on white where that format has no alpha.

        Raises:
            InvalidParameter: the suffix names no format.
        """
        suffix = Path(path).suffix.lower()
        Path(path).write_bytes(self.encode().data if suffix == ".png" else encode_as(suffix, self.image))

    def _repr_png_(self) -> bytes:
        return _shown(self.image)

    def __repr__(self) -> str:
        name = f" {self.name}" if self.name else ""
        return f"<ResultElement{name} {self.width}x{self.height} at ({self.x}, {self.y})>"

    def _composition(self) -> Composition:
        return Composition(self._colours, self._element.alpha, self._form, pure=self._pure)


class Result:
    """What an action found in a photo of size (H, W).

    Args:
        size: (H, W).
        outcome: what the action answered.
        colours: uint8 (h, w, 3) for each element of the outcome, on its own box.
        form: of the pictures.
        classes: names of the class ids in `labels`.
        photo: uint8 (H, W, 3), the whole photo; None where the colours are the foreground's alone already, as in what a server
            answers with.

    Attributes:
        elements: the things found, in the action's order; empty where the action answers with one picture of another kind.
        labels: uint8 (H, W) class ids, for actions that label every pixel, else None.
        classes: the name of each class id; empty where there are no labels.
    """

    def __init__(
        self,
        size: tuple[int, int],
        outcome: Outcome,
        colours: Sequence[Bytes],
        form: Form,
        classes: tuple[str, ...] = (),
        *,
        photo: Bytes | None = None,
    ) -> None:
        self._size = size
        self._outcome = outcome
        self._colours = colours
        self._form = form
        self._photo = photo
        self.elements = tuple(
            ResultElement(size, element, rgb, form, photo is None)
            for element, rgb in zip(outcome.elements, colours, strict=True)
        )
        self.labels = outcome.labels
        self.classes = classes

    @classmethod
    def of(cls, picture: Picture, outcome: Outcome, form: Form, classes: tuple[str, ...] = ()) -> "Result":
        """The result of an outcome whose colours are those of a picture."""
        colours = [picture.rgb[e.y : e.y + e.height, e.x : e.x + e.width] for e in outcome.elements]
        return cls((picture.height, picture.width), outcome, colours, form, classes, photo=picture.rgb)

    @property
    def pixels(self) -> int:
        """Pixels of the input."""
        return self._size[0] * self._size[1]

    @cached_property
    def mask(self) -> NDArray[np.float32]:
        """Alpha of everything found, float32 (H, W), 0..1: the largest of the elements' alphas."""
        mask = np.zeros(self._size, np.float32)
        for element in self.elements:
            np.maximum(mask, element.mask, out=mask)
        return mask

    @property
    def shares(self) -> dict[str, float]:
        """How much of the photo each class covers, 0..1, largest first; empty where there are no labels."""
        if self.labels is None:
            return {}
        counts = np.bincount(self.labels.reshape(-1), minlength=len(self.classes)) / self.labels.size
        shares = {name: float(share) for name, share in zip(self.classes, counts, strict=False) if share}
        return dict(sorted(shares.items(), key=lambda entry: -entry[1]))

    @cached_property
    def image(self) -> Image.Image:
        """The result as one picture; several elements are shown together in their places."""
        if self._outcome.picture is not None:
            return Image.fromarray(self._outcome.picture)
        if self.labels is not None:
            indexed = Image.fromarray(self.labels, "P")
            indexed.putpalette(palette(len(self.classes)).tobytes())
            return indexed
        if len(self.elements) == 1:
            return self.elements[0].image
        return Image.fromarray(self._together(self._form).array())

    def on(self, background: Photo) -> Image.Image:
        """Everything found on a colour ("white", "#1a73e8") or on a photo that fills the canvas; RGB (H, W).

        Raises:
            InvalidParameter: the action cuts nothing out, or `background` is neither a colour nor a photo.
        """
        return Image.fromarray(self._together(Form.RGBA, background).array())

    def as_form(self, form: Form) -> "Result":
        """The same result with its pictures in another form: rgba, mask, crop or white.

        Raises:
            InvalidParameter: the action cuts nothing out, or there is no such form.
        """
        if form not in CHANNELS or not self.cuts:
            raise InvalidParameter(f"This result has no form {form}.")
        return Result(self._size, self._outcome, self._colours, form, self.classes, photo=self._photo)

    @property
    def cuts(self) -> bool:
        """Whether this is something cut out of the photo, and neither labels nor a new picture."""
        return self.labels is None and self._outcome.picture is None

    def encode(self) -> Iterator[Encoded]:
        """The result pictures as PNG files, one at a time."""
        height, width = self._size
        if self._outcome.picture is not None:
            painted = self._outcome.picture
            data = encode_png(lambda top, bottom: painted[top:bottom], painted.shape[1], painted.shape[0], 3)
            yield Encoded(data, 0, 0, painted.shape[1], painted.shape[0], "")
        elif self.labels is not None:
            yield Encoded(encode_labels(self.labels, len(self.classes)), 0, 0, width, height, "")
        else:
            for element in self.elements:
                yield element.encode()

    def file(self, suffix: str, background: Photo | None = None) -> bytes:
        """The result as one picture in a file: PNG, or the format of another suffix, on white where that has no alpha.

        Args:
            suffix: ".png", ".jpg", ".webp", ".avif", ".tif" or ".bmp".
            background: what it is laid on, as for `on`; None = what the return form says.

        Raises:
            InvalidParameter: the suffix names no format; or as for `on`.
        """
        suffix = suffix.lower()
        if suffix == ".png":
            if background is None and (not self.cuts or len(self.elements) == 1):
                return next(self.encode()).data
            return self._together(self._form if background is None else Form.RGBA, background).encode()
        return encode_as(suffix, self.image if background is None else self.on(background))

    def save(self, path: str | Path, background: Photo | None = None) -> None:
        """Write the result as one picture: as PNG, or in the format of the path's suffix; see `file`."""
        Path(path).write_bytes(self.file(Path(path).suffix, background))

    def _repr_png_(self) -> bytes:
        return _shown(self.image)

    def _repr_html_(self) -> str | None:
        from koutu.notebook import elements, legend

        if self.labels is not None:
            return legend(self)
        return elements(self) if len(self.elements) > 1 else None

    def __repr__(self) -> str:
        height, width = self._size
        if self.labels is not None:
            return f"<Result {width}x{height}, labels: {', '.join(self.shares)}>"
        if self._outcome.picture is not None:
            return f"<Result {width}x{height}, a new picture>"
        return f"<Result {width}x{height}, {len(self.elements)} element{'s' if len(self.elements) != 1 else ''}>"

    def _together(self, form: Form, background: Photo | None = None) -> Composition:
        if not self.cuts:
            raise InvalidParameter("This action cuts nothing out that could be laid on a background.")
        ground = None if background is None else _backdrop(background, *self._size)
        rgb, alpha = self._painted()
        if self._photo is not None:
            rgb = self._photo
        return Composition(rgb, alpha, form, pure=self._photo is None, backdrop=ground)

    def _painted(self) -> tuple[Bytes, Bytes]:
        """Colours and alpha of all elements in their places, uint8 (H, W, 3) and (H, W); where two meet, the denser one's."""
        if len(self.elements) == 1 and self._outcome.elements[0].alpha.shape == self._size:
            return self._colours[0], self._outcome.elements[0].alpha
        rgb, alpha = np.zeros((*self._size, 3), np.uint8), np.zeros(self._size, np.uint8)
        for element, part, colours in zip(self.elements, self._outcome.elements, self._colours, strict=True):
            denser = part.alpha > alpha[element.box]
            np.copyto(rgb[element.box], colours, where=denser[..., None])
            np.copyto(alpha[element.box], part.alpha, where=denser)
        return rgb, alpha


def encode_as(suffix: str, image: Image.Image) -> bytes:
    """A picture as a file in the format of a suffix, on white where that format has no alpha.

    Raises:
        InvalidParameter: the suffix names no format.
    """
    kind = _FORMATS.get(suffix.lower())
    if kind is None:
        raise InvalidParameter(f"{suffix or 'No suffix'!r} names no format; there are .png, {', '.join(_FORMATS)}.")
    if kind in _OPAQUE and image.mode in ("RGBA", "P"):
        whole = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, whole).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, kind, quality=92)
    return buffer.getvalue()


def _backdrop(background: Photo, height: int, width: int) -> Bytes:
    if isinstance(background, str):
        rgb = colour(background)
        if rgb is not None:
            return plain(rgb, height, width)
        if not Path(background).exists():
            raise InvalidParameter(f"{background!r} is neither a colour (white, #1a73e8) nor a file.")
    return cover(to_picture(background), height, width)


def _shown(image: Image.Image) -> bytes:
    from koutu.notebook import shown

    return shown(image)
