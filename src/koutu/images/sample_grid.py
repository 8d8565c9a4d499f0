"""A picture enlarged block by block."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def sample_grid(picture: Floats, start: tuple[float, float], step: tuple[float, float], shape: tuple[int, ...]) -> Floats:
    """Sample a picture bilinearly on a regular grid; beyond its border its nearest pixel is taken.

    Args:
        picture: float32 (H, W) or (H, W, C), up to four channels.
        start: column and row of the grid's first point; 0 is the centre of the first pixel.
        step: between the grid's points, in pixels of the picture, along x and along y.
        shape: rows and columns of the grid.

    Returns:
        float32 (rows, columns) or (rows, columns, C).
    """
    matrix = np.array([[step[0], 0, start[0]], [0, step[1], start[1]]], np.float64)
    size = shape[1], shape[0]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sampled: Floats = cv2.warpAffine(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return sampled
