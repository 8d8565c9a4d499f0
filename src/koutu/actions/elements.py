"""From masks to result elements."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element
from koutu.images.bounds import bounds

_FAINT = 8  # alpha up to this is no part of an element's box


def trimmed(alpha: NDArray[np.uint8], left: int, top: int, name: str = "") -> Element | None:
    """An element without empty margins, or None where there is nothing.

    Args:
        alpha: uint8 (h, w).
        left: its place on the input,
        top: in pixels.
        name: of the element.
    """
    rows, columns = bounds(alpha > _FAINT)
    if rows.stop == 0:
        return None
    return Element(np.ascontiguousarray(alpha[rows, columns]), left + columns.start, top + rows.start, name)


def largest_first(elements: Iterable[Element | None]) -> tuple[Element, ...]:
    """The elements that are there, by the area they cover, largest first; equals from left to right."""
    there = [element for element in elements if element is not None]
    return tuple(sorted(there, key=lambda element: (-int(element.alpha.sum(dtype=np.int64)), element.x)))
