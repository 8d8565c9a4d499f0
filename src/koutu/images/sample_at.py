"""Pixels of a picture at places between its own."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_COLUMNS = 1024


def sample_at(picture: Floats, x: Floats, y: Floats) -> Floats:
    """Sample a picture bilinearly; beyond its border its nearest pixel is taken.

    Args:
        picture: float32 (H, W, C), up to four channels.
        x: float32 (n,), columns; 0 is the centre of the first one.
        y: float32 (n,), rows, likewise.

    Returns:
        float32 (n, C).
    """
    # OpenCV takes maps of fewer than 32768 rows and columns, so the list is laid out as a rectangle.
    count = x.size
    rows = -(-count // _COLUMNS)
    maps = np.zeros((2, rows * _COLUMNS), np.float32)
    maps[0, :count], maps[1, :count] = x, y
    map_x, map_y = maps.reshape(2, rows, _COLUMNS)
    sampled = cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    pixels: Floats = sampled.reshape(-1, picture.shape[2])[:count]
    return pixels
