"""From a thing's probability to its element: edges refined inside its own window, margins cut off."""

import numpy as np
from numpy.typing import NDArray

from koutu.images.bounds import bounds, widened
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
    rows, columns = bounds(inside)
    longest = max(rows.stop - rows.start, columns.stop - columns.start) - 1
    y, x = widened((rows, columns), 2 + round(_PADDING * longest), inside.shape)
    top, bottom = round(y.start * height / h), round(y.stop * height / h)
    left, right = round(x.start * width / w), round(x.stop * width / w)
    alpha = refine_band(np.ascontiguousarray(image[top:bottom, left:right]), probability[y, x], hold=hold, sure=0.85)
    visible = alpha >= _VISIBLE
    if not visible.any():
        return None
    rows, columns = bounds(visible)
    return np.ascontiguousarray(alpha[rows, columns]), left + columns.start, top + rows.start
