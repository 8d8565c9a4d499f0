"""A decoded picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from koutu.images.over import over


@dataclass(frozen=True, slots=True)
class Picture:
    """Upright sRGB pixels.

    Attributes:
        rgb: uint8 (H, W, 3), C-contiguous, not multiplied by alpha.
        alpha: uint8 (H, W) where the file had transparency, else None.
    """

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.rgb.shape[0])

    def mask(self) -> NDArray[np.uint8]:
        """The picture read as a mask, uint8 (H, W): its transparency where it has some, else its brightness."""
        if self.alpha is not None:
            return self.alpha
        weights = np.array([77, 150, 29], np.uint16)  # BT.601 in 256ths
        brightness: NDArray[np.uint32] = (self.rgb * weights).sum(axis=2, dtype=np.uint32) >> 8
        return brightness.astype(np.uint8)

    def opaque(self) -> NDArray[np.uint8]:
        """The picture as a viewer shows it, uint8 (H, W, 3): transparent parts lie on white."""
        if self.alpha is None:
            return self.rgb
        return over(self.rgb, self.alpha, 255)
