"""What an action answers with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Element:
    """One cut-out thing.

    Attributes:
        alpha: uint8 (h, w), 0 = background, 255 = foreground; it covers the element's own box alone.
        x, y: the box's left and top on the input, in pixels.
        name: what it is, where the action tells (a facial part, a class).
    """

    alpha: NDArray[np.uint8]
    x: int = 0
    y: int = 0
    name: str = ""

    @property
    def width(self) -> int:
        """Width of the box in pixels."""
        return int(self.alpha.shape[1])

    @property
    def height(self) -> int:
        """Height of the box in pixels."""
        return int(self.alpha.shape[0])


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an action on one input of size (H, W).

    Attributes:
        elements: the things found; an action with a single picture as its result has exactly one, on the whole canvas.
        labels: uint8 (H, W) class ids, for actions that label every pixel.
        picture: uint8 RGB (H, W, 3), for actions that make a new picture.
    """

    elements: tuple[Element, ...] = ()
    labels: NDArray[np.uint8] | None = None
    picture: NDArray[np.uint8] | None = None
