"""Actions on people in photos that lie on their side or stand on their head."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element, Outcome
from koutu.vision.people.quarter_turns import quarter_turns

_P = ParamSpec("_P")
_Action = Callable[Concatenate[NDArray[np.uint8], _P], Outcome]


def upright(action: _Action[_P]) -> _Action[_P]:
    """An action that sees the people of a photo uint8 RGB (H, W, 3) upright and answers for the photo as it came."""

    @wraps(action)
    def on_upright(image: NDArray[np.uint8], /, *args: _P.args, **kwargs: _P.kwargs) -> Outcome:
        turns = quarter_turns(image)
        if not turns:
            return action(image, *args, **kwargs)
        outcome = action(np.ascontiguousarray(np.rot90(image, turns)), *args, **kwargs)
        elements = outcome.elements
        height, width = image.shape[:2] if turns == 2 else image.shape[1::-1]
        for _ in range(turns):
            elements = tuple(_clockwise(element, height) for element in elements)
            height, width = width, height
        return replace(outcome, elements=elements)

    return on_upright


def _clockwise(element: Element, height: int) -> Element:
    """An element of a photo so many pixels tall on the photo turned clockwise by a quarter."""
    alpha = np.ascontiguousarray(np.rot90(element.alpha, -1))
    return replace(element, alpha=alpha, x=height - element.y - element.height, y=element.x)
