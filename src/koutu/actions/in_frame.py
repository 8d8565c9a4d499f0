"""Actions on what plain margins frame: the networks would see the photo small, and its border as a thing."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element, Outcome
from koutu.images.frame import framed

_P = ParamSpec("_P")
_Action = Callable[Concatenate[NDArray[np.uint8], _P], Outcome]


def in_frame(action: _Action[_P]) -> _Action[_P]:
    """An action that sees the framed part of a photo, uint8 RGB (H, W, 3), alone and answers for the whole.

    An element on the part's whole canvas is on the photo's afterwards.
    """

    @wraps(action)
    def on_framed(image: NDArray[np.uint8], /, *args: _P.args, **kwargs: _P.kwargs) -> Outcome:
        part = framed(image)
        if part is None:
            return action(image, *args, **kwargs)
        inner = np.ascontiguousarray(image[part])
        outcome = action(inner, *args, **kwargs)
        elements = tuple(_placed(element, inner.shape, image.shape, part) for element in outcome.elements)
        return replace(outcome, elements=elements)

    return on_framed


def _placed(element: Element, inner: tuple[int, ...], whole: tuple[int, ...], part: tuple[slice, slice]) -> Element:
    """An element of the framed part on the whole photo."""
    rows, columns = part
    if element.alpha.shape != inner[:2]:
        return replace(element, x=element.x + columns.start, y=element.y + rows.start)
    alpha = np.zeros(whole[:2], np.uint8)
    alpha[rows, columns] = element.alpha
    return replace(element, alpha=alpha)
