"""What a parser saw in a window of a photo."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Class probabilities of a window's pixels.

    Attributes:
        window: where the parser looked.
        classes: the names of its classes.
        probabilities: float32 (classes, size, size), 0..1.
    """

    window: Window
    classes: tuple[str, ...]
    probabilities: Floats

    def of(self, *names: str) -> Floats:
        """The probability that a pixel is any of the named classes, float32 (size, size)."""
        total: Floats = self.probabilities[[self.classes.index(name) for name in names]].sum(axis=0)
        return total
