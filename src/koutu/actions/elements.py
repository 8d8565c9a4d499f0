"""From masks to result elements."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element

_FAINT = 8  # alpha up to this is no part of an element's box


def trimmed(alpha: NDArray[np.uint8], left: int, top: int, name: str = "") -> Element | None:
    """An element without empty margins, or None where there is nothing.

    Args:
        alpha: uint8 (h, w).
        left: its place on the input,
        top: in pixels.
        name: of the element.
    """
    rows, columns = np.flatnonzero(alpha.max(axis=1) > _FAINT), np.flatnonzero(alpha.max(axis=0) > _FAINT)
    if not rows.size:
        return None
    x, y = int(columns[0]), int(rows[0])
    part = np.ascontiguousarray(alpha[y : int(rows[-1]) + 1, x : int(columns[-1]) + 1])
    return Element(part, left + x, top + y, name)


def largest_first(elements: Iterable[Element | None]) -> tuple[Element, ...]:
    """The elements that are there, by the area they cover, largest first; equals from left to right."""
    there = [element for element in elements if element is not None]
    return tuple(sorted(there, key=lambda element: (-int(element.alpha.sum(dtype=np.int64)), element.x)))
