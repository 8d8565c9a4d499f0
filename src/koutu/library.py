"""The door: every way into the engine goes through here."""

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from koutu import models
from koutu.actions.outcome import Element, Outcome
from koutu.contract import ACTIONS, Action, Form
from koutu.contract.parameters import Value
from koutu.errors import InvalidParameter, UnsupportedOperation
from koutu.images.compose import Composition
from koutu.images.decode import decode
from koutu.images.header import read_header
from koutu.images.labels import encode_labels, palette
from koutu.images.limits import check_documented, check_safe
from koutu.images.picture import Picture
from koutu.images.png import encode_png
from koutu.settings import current

Bytes = NDArray[np.uint8]
Photo = str | Path | bytes | Bytes | Image.Image


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

    def __init__(self, picture: Picture, element: Element, form: Form) -> None:
        self._picture = picture
        self._element = element
        self._form = form
        self.x, self.y, self.width, self.height = element.x, element.y, element.width, element.height
        self.name = element.name

    @cached_property
    def mask(self) -> NDArray[np.float32]:
        """Alpha on the input's canvas, float32 (H, W), 0..1."""
        canvas = np.zeros(self._picture.rgb.shape[:2], np.float32)
        box = slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)
        canvas[box] = self._element.alpha * np.float32(1 / 255)
        return canvas

    @cached_property
    def image(self) -> Image.Image:
        """The picture as the return form says: RGBA, RGB on white, or a one-channel mask."""
        return Image.fromarray(self._composition().array())

    def encode(self) -> Encoded:
        """The picture as a PNG file."""
        data = self._composition().encode()
        return Encoded(data, self.x, self.y, self.width, self.height, self.name)

    def save(self, path: str | Path) -> None:
        """Write the picture: as PNG, or in the format of the path's suffix."""
        _save(path, self.encode, lambda: self.image)

    def _composition(self) -> Composition:
        box = slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)
        return Composition(self._picture.rgb[box], self._element.alpha, self._form)


class Result:
    """What an action found in a photo of size (H, W).

    Attributes:
        elements: the things found, in the action's order; empty where the action answers with one picture of another kind.
        labels: uint8 (H, W) class ids, for actions that label every pixel, else None.
    """

    def __init__(self, picture: Picture, outcome: Outcome, form: Form, classes: tuple[str, ...] = ()) -> None:
        self._picture = picture
        self._outcome = outcome
        self._form = form
        self._classes = classes
        self.elements = tuple(ResultElement(picture, element, form) for element in outcome.elements)
        self.labels = outcome.labels

    @property
    def pixels(self) -> int:
        """Pixels of the input."""
        return self._picture.width * self._picture.height

    @cached_property
    def mask(self) -> NDArray[np.float32]:
        """Alpha of everything found, float32 (H, W), 0..1: the largest of the elements' alphas."""
        mask = np.zeros(self._picture.rgb.shape[:2], np.float32)
        for element in self.elements:
            np.maximum(mask, element.mask, out=mask)
        return mask

    @cached_property
    def image(self) -> Image.Image:
        """The result as one picture; several elements are shown together in their places."""
        if self._outcome.picture is not None:
            return Image.fromarray(self._outcome.picture)
        if self.labels is not None:
            indexed = Image.fromarray(self.labels, "P")
            indexed.putpalette(palette(len(self._classes)).tobytes())
            return indexed
        if len(self.elements) == 1:
            return self.elements[0].image
        return Image.fromarray(self._together().array())

    def encode(self) -> Iterator[Encoded]:
        """The result pictures as PNG files, one at a time."""
        height, width = self._picture.rgb.shape[:2]
        if self._outcome.picture is not None:
            painted = self._outcome.picture
            data = encode_png(lambda top, bottom: painted[top:bottom], painted.shape[1], painted.shape[0], 3)
            yield Encoded(data, 0, 0, painted.shape[1], painted.shape[0], "")
        elif self.labels is not None:
            yield Encoded(encode_labels(self.labels, len(self._classes)), 0, 0, width, height, "")
        else:
            for element in self.elements:
                yield element.encode()

    def save(self, path: str | Path) -> None:
        """Write the result as one picture: as PNG, or in the format of the path's suffix."""

        def encode() -> Encoded:
            files = list(self.encode()) if len(self.elements) <= 1 else []
            if files:
                return files[0]
            composition = self._together()
            return Encoded(composition.encode(), 0, 0, composition.width, composition.height, "")

        _save(path, encode, lambda: self.image)

    def _repr_png_(self) -> bytes:
        """Shown by notebooks."""
        import io

        buffer = io.BytesIO()
        self.image.save(buffer, "PNG")
        return buffer.getvalue()

    def _together(self) -> Composition:
        alpha = np.rint(self.mask * 255).astype(np.uint8)
        return Composition(self._picture.rgb, alpha, self._form)


def run(
    action: Action,
    images: Mapping[str, bytes],
    params: Mapping[str, Value] | None = None,
    *,
    documented_limits: bool = False,
) -> Result:
    """Run an action on picture files.

    Args:
        action: of the contract.
        images: the files' bytes by parameter name.
        params: the other parameters, typed as `parse_parameters` gives them; those of images are passed over.
        documented_limits: hold the files to the contract's limits for this action.

    Raises:
        ImageContent, ImageResolution, TooLarge: a file cannot be used.
        Unsuitable: nothing was found that a single picture could show.
        ModelFault: a model is missing.
        ServiceUnavailable: too many calls wait already.
    """
    for data in images.values():
        header = read_header(data)
        check_safe(header, current().max_pixels)
        if documented_limits and action.limits is not None:
            check_documented(header, len(data), action.limits)
    return _run(action, {name: decode(data) for name, data in images.items()}, params or {})


def available(action: Action) -> bool:
    """Whether this version can see what the action asks for."""
    return importlib.util.find_spec(f"koutu.actions.{action.function}") is not None


def warm_up() -> None:
    """Load and compile the installed models that the licence setting allows, so that first calls are quick."""
    for name in models.catalog():
        if models.ready(name):
            models.warm_up(name)


def call(name: str, photos: tuple[Photo, ...], **params: Value | None) -> Result:
    """Run the action called `name` on photos: what every `koutu.segment_...` function does.

    Args:
        name: the function's name, for instance "segment_common_image".
        photos: in the order of the contract's image parameters; each a path, the file's bytes, an array (uint8 (H, W),
            (H, W, 3) RGB or (H, W, 4) RGBA) or a PIL image.
        params: by their Python names; None means absent.
    """
    action = _BY_FUNCTION[name]
    pictures = {parameter.name: to_picture(photo) for parameter, photo in zip(action.images, photos, strict=True)}
    return _run(action, pictures, {_wire_name(action, key): value for key, value in params.items() if value is not None})


def to_picture(photo: Photo) -> Picture:
    """Any kind of photo that the library takes as a decoded picture.

    Raises:
        ImageContent: a file is no picture, or is broken.
        ImageResolution: it has too many pixels.
        InvalidParameter: an array has another shape or type.
    """
    if isinstance(photo, str | Path):
        photo = Path(photo).read_bytes()
    if isinstance(photo, bytes):
        check_safe(read_header(photo), current().max_pixels)
        return decode(photo)
    if isinstance(photo, Image.Image):
        photo = np.asarray(photo if photo.mode in ("L", "RGB", "RGBA") else photo.convert("RGBA"))
    if (
        photo.dtype != np.uint8
        or photo.ndim not in (2, 3)
        or (photo.ndim == 3 and photo.shape[2] not in (3, 4))
        or not photo.size
    ):
        raise InvalidParameter(f"An image array must be uint8 (H, W), (H, W, 3) or (H, W, 4), not {photo.dtype} {photo.shape}.")
    if photo.ndim == 2:
        return Picture(cv2.cvtColor(photo, cv2.COLOR_GRAY2RGB))
    alpha = np.ascontiguousarray(photo[..., 3]) if photo.shape[2] == 4 else None
    return Picture(np.ascontiguousarray(photo[..., :3]), None if alpha is None or bool((alpha == 255).all()) else alpha)


_BY_FUNCTION = {action.function: action for action in ACTIONS.values()}
_FORM_PARAMETER = "ReturnForm"
_MASK_PARAMETER = "MaskImageURL"


def _run(action: Action, pictures: Mapping[str, Picture], params: Mapping[str, Value]) -> Result:
    main = pictures["ImageURL"] if "ImageURL" in pictures else next(iter(pictures.values()))
    wanted = params.get(_FORM_PARAMETER)
    form = action.form(wanted if isinstance(wanted, str) else None)
    known = {parameter.name for parameter in action.images} | {_FORM_PARAMETER, "Async"}
    options = {_python_name(name): value for name, value in params.items() if name not in known}
    inputs = (picture.mask() if name == _MASK_PARAMETER else picture.opaque() for name, picture in pictures.items())
    outcome = _function(action)(*inputs, **options)
    outcome = _keep_transparency(main, outcome)
    return Result(main, outcome if action.result.placed else _on_canvas(main, outcome), form, action.classes)


def _function(action: Action) -> Callable[..., Outcome]:
    if not available(action):
        raise UnsupportedOperation(f"{action.name} is not available in this version of Koutu.")
    function: Callable[..., Outcome] = getattr(import_module(f"koutu.actions.{action.function}"), action.function)
    return function


def _on_canvas(picture: Picture, outcome: Outcome) -> Outcome:
    """Elements on the whole canvas: what an answer without X and Y needs, since its pictures alone tell where things are."""
    elements = []
    for element in outcome.elements:
        alpha = element.alpha
        if alpha.shape != picture.rgb.shape[:2]:
            alpha = np.zeros(picture.rgb.shape[:2], np.uint8)
            alpha[element.y : element.y + element.height, element.x : element.x + element.width] = element.alpha
        elements.append(Element(alpha, name=element.name))
    return Outcome(tuple(elements), outcome.labels, outcome.picture)


def _keep_transparency(picture: Picture, outcome: Outcome) -> Outcome:
    """What was transparent in the input stays so in what is cut out of it."""
    if picture.alpha is None or not outcome.elements:
        return outcome
    elements = []
    for element in outcome.elements:
        own = picture.alpha[element.y : element.y + element.height, element.x : element.x + element.width]
        alpha = ((element.alpha.astype(np.uint16) * own + 127) // 255).astype(np.uint8)
        elements.append(Element(alpha, element.x, element.y, element.name))
    return Outcome(tuple(elements), outcome.labels, outcome.picture)


def _python_name(wire: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in wire).lstrip("_")


def _wire_name(action: Action, name: str) -> str:
    for wire in action.params:
        if _python_name(wire) == name:
            return wire
    raise InvalidParameter(f"{action.name} has no parameter {name}.")


def _save(path: str | Path, encode: Callable[[], Encoded], image: Callable[[], Image.Image]) -> None:
    path = Path(path)
    if path.suffix.lower() == ".png":
        path.write_bytes(encode().data)
    else:
        image().save(path)
