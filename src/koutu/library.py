"""The door: every way into the engine goes through here."""

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from types import ModuleType

import numpy as np

from koutu import models
from koutu.actions.outcome import Element, Outcome
from koutu.contract import ACTIONS, Action
from koutu.contract.parameters import Value
from koutu.contract.python_names import python_name, wire_name
from koutu.errors import UnsupportedOperation
from koutu.images.decode import decode
from koutu.images.header import read_header
from koutu.images.limits import check_documented, check_safe
from koutu.images.photo import Photo, to_picture
from koutu.images.picture import Picture
from koutu.images.room import Room
from koutu.results import Encoded, Result, ResultElement
from koutu.settings import current

__all__ = ["Encoded", "Photo", "Result", "ResultElement", "available", "call", "run", "to_picture", "warm_up"]


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
    first_look = getattr(_module(action), "first_look", None) if len(images) == 1 else None
    return _run(action, {name: decode(data, first_look=first_look) for name, data in images.items()}, params or {})


@contextmanager
def room(images: Mapping[str, bytes]) -> Iterator[None]:
    """Hold room in memory for working on picture files; waits while others fill it (`KOUTU_PIXELS_AT_ONCE`).

    Raises:
        ImageContent: a file is no picture.
        ImageResolution: its decoder refuses so many pixels.
    """
    headers = [read_header(data) for data in images.values()]
    with _room().take(sum(header.width * header.height for header in headers)):
        yield


@lru_cache(maxsize=1)
def _room() -> Room:
    return Room(current().pixels_at_once)


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
    return _run(action, pictures, {wire_name(action, key): value for key, value in params.items() if value is not None})


_BY_FUNCTION = {action.function: action for action in ACTIONS.values()}
_FORM_PARAMETER = "ReturnForm"
_MASK_PARAMETER = "MaskImageURL"


def _run(action: Action, pictures: Mapping[str, Picture], params: Mapping[str, Value]) -> Result:
    main = pictures["ImageURL"] if "ImageURL" in pictures else next(iter(pictures.values()))
    wanted = params.get(_FORM_PARAMETER)
    form = action.form(wanted if isinstance(wanted, str) else None)
    known = {parameter.name for parameter in action.images} | {_FORM_PARAMETER, "Async"}
    options = {python_name(name): value for name, value in params.items() if name not in known}
    inputs = (picture.mask() if name == _MASK_PARAMETER else picture.opaque() for name, picture in pictures.items())
    outcome = _function(action)(*inputs, **options)
    outcome = _keep_transparency(main, outcome)
    return Result.of(main, outcome if action.result.placed else _on_canvas(main, outcome), form, action.classes)


def _function(action: Action) -> Callable[..., Outcome]:
    function: Callable[..., Outcome] = getattr(_module(action), action.function)
    return function


def _module(action: Action) -> ModuleType:
    if not available(action):
        raise UnsupportedOperation(f"{action.name} is not available in this version of Koutu.")
    return import_module(f"koutu.actions.{action.function}")


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
