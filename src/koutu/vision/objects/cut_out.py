"""From a thing's probability to its element: edges refined inside its own window, margins cut off."""

import numpy as np
from numpy.typing import NDArray

from koutu.vision.matting.refine_band import refine_band

Floats = NDArray[np.float32]
Cut = tuple[NDArray[np.uint8], int, int]  # alpha of the box, and the box's left and top on the photo

_PADDING = 0.04
_VISIBLE = 8


def cut_out(image: NDArray[np.uint8], probability: Floats, *, hold: float = 0.1) -> Cut | None:
    """Cut one thing out.

    Args:
        image: uint8 RGB (H, W, 3), the photo at full size.
        probability: float32 (h, w), 0..1, on the whole photo at any size.
        hold: how strongly the probability holds at the edges, see `refine_band`.

    Returns:
        Alpha of the thing's box and the box's place; None where nothing is left.
    """
    height, width = image.shape[:2]
    h, w = probability.shape
    inside = probability > 0.25
    if not inside.any():
        return None
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    pad = 2 + round(_PADDING * max(rows[-1] - rows[0], columns[-1] - columns[0]))
    y0, y1 = max(0, int(rows[0]) - pad), min(h, int(rows[-1]) + pad + 1)
    x0, x1 = max(0, int(columns[0]) - pad), min(w, int(columns[-1]) + pad + 1)
    top, bottom, left, right = (round(v) for v in (y0 * height / h, y1 * height / h, x0 * width / w, x1 * width / w))
    alpha = refine_band(np.ascontiguousarray(image[top:bottom, left:right]), probability[y0:y1, x0:x1], hold=hold, sure=0.85)
    visible = alpha >= _VISIBLE
    if not visible.any():
        return None
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    box = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return np.ascontiguousarray(alpha[box]), left + int(columns[0]), top + int(rows[0])
