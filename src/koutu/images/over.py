"""The "over" of Porter and Duff, "Compositing Digital Images" (1984), on an opaque ground."""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


def over(colours: Bytes, alpha: Bytes, ground: Bytes | int) -> Bytes:
    """Lay colours on a ground.

    Args:
        colours: uint8 (H, W, 3), not multiplied by alpha.
        alpha: uint8 (H, W).
        ground: uint8 (H, W, 3), or one level for all of it, 0..255.

    Returns:
        uint8 (H, W, 3), rounded.
    """
    share = alpha[..., None].astype(np.uint16)
    return ((colours * share + ground * (255 - share) + 127) // 255).astype(np.uint8)
