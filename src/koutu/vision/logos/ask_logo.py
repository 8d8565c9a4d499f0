"""The logo head: which pixels of a picture belong to a logo."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import shrink
from koutu.models import run

Floats = NDArray[np.float32]

LOOKS = (512, 896)
_STEP = 32


def ask_logo(image: NDArray[np.uint8]) -> Floats:
    """Ask where the logo is.

    Two looks are averaged: the small one sees what a large sign is, the large one thin letters.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        Probability float32 (h, w), 0..1, on the whole picture at the size of the larger look.

    Raises:
        ModelFault: the model is missing.
    """
    small, large = (_look(image, side) for side in LOOKS)
    enlarged: Floats = cv2.resize(small, large.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(0.5 * (enlarged + large), np.float32)


def _look(image: NDArray[np.uint8], side: int) -> Floats:
    height, width = image.shape[:2]
    scale = side / max(height, width)
    h, w = (max(2 * _STEP, round(edge * scale / _STEP) * _STEP) for edge in (height, width))
    pixels = shrink(image, w, h).transpose(2, 0, 1)[None] * np.float32(1 / 255)
    found: Floats = run("things_logo", {"image": np.ascontiguousarray(pixels)})["probabilities"][0, 1]
    return found
