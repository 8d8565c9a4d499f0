"""A decoded picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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

    def opaque(self) -> NDArray[np.uint8]:
        """The picture as a viewer shows it, uint8 (H, W, 3): transparent parts lie on white."""
        if self.alpha is None:
            return self.rgb
        share = self.alpha[..., None].astype(np.uint16)
        return ((self.rgb * share + 255 * (255 - share) + 127) // 255).astype(np.uint8)
