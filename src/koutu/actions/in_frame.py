"""Actions on what plain margins frame: the networks would see the photo small, and its border as a thing."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element, Outcome
from koutu.images.frame import between_bars, framed
from koutu.vision.scenes.label_scene import CLASSES

_P = ParamSpec("_P")
_OTHER = CLASSES.index("other")
_Action = Callable[Concatenate[NDArray[np.uint8], _P], Outcome]


def in_frame(action: _Action[_P]) -> _Action[_P]:
    """An action that sees the framed part of a photo, uint8 RGB (H, W, 3), alone and answers for the whole.

    An element on the part's whole canvas is on the photo's afterwards; labels of the margins are "other", and a new picture
    keeps them.
    """
    return _within(framed, action)


def between_margins(action: _Action[_P]) -> _Action[_P]:
    """As `in_frame`, for actions that cut out whatever stands out: only bars on two sides are taken away."""
    return _within(between_bars, action)


def _within(find: Callable[[NDArray[np.uint8]], tuple[slice, slice] | None], action: _Action[_P]) -> _Action[_P]:
    @wraps(action)
    def on_part(image: NDArray[np.uint8], /, *args: _P.args, **kwargs: _P.kwargs) -> Outcome:
        part = find(image)
        if part is None:
            return action(image, *args, **kwargs)
        inner = np.ascontiguousarray(image[part])
        outcome = action(inner, *args, **kwargs)
        elements = tuple(_placed(element, inner.shape, image.shape, part) for element in outcome.elements)
        labels, picture = outcome.labels, outcome.picture
        if labels is not None:
            labels = _laid(labels, np.full(image.shape[:2], _OTHER, np.uint8), part)
        if picture is not None:
            picture = _laid(picture, image.copy(), part)
        return Outcome(elements, labels, picture)

    return on_part


def _placed(element: Element, inner: tuple[int, ...], whole: tuple[int, ...], part: tuple[slice, slice]) -> Element:
    """An element of the framed part on the whole photo."""
    rows, columns = part
    if element.alpha.shape != inner[:2]:
        return replace(element, x=element.x + columns.start, y=element.y + rows.start)
    return replace(element, alpha=_laid(element.alpha, np.zeros(whole[:2], np.uint8), part))


def _laid(inner: NDArray[np.uint8], canvas: NDArray[np.uint8], part: tuple[slice, slice]) -> NDArray[np.uint8]:
    canvas[part] = inner
    return canvas
