"""A logo's matte: keyed from a plain background, seen by the logo head on any other."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.logos.key_background import key_background
from koutu.vision.matting.refine_band import refine_band

Floats = NDArray[np.float32]

SIDE = 384
_STEP = 32
_LEAST_SHARE = 0.002


def logo_alpha(image: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Find a logo.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W), or None where there is no logo.

    Raises:
        ModelFault: the logo model is missing.
    """
    keyed = key_background(image)
    if keyed is not None:
        return keyed if float((keyed > 127).mean()) >= _LEAST_SHARE else None
    probability = _look(image)
    if float((probability > 0.5).mean()) < _LEAST_SHARE:
        return None
    return refine_band(image, probability, band=0.004, hold=0.3, work_side=768)


def _look(image: NDArray[np.uint8]) -> Floats:
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    h, w = (max(2 * _STEP, round(side * scale / _STEP) * _STEP) for side in (height, width))
    small = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    pixels = np.ascontiguousarray(small.transpose(2, 0, 1)[None] * np.float32(1 / 255))
    probability: Floats = run("logo", {"image": pixels})["probabilities"][0, 1]
    return probability
