"""A logo's matte: keyed from a plain background, the salient object on any other."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.logos.key_background import key_background
from koutu.vision.matting.refine_band import refine_band
from koutu.vision.saliency.isnet import isnet

LEAST_SHARE = 0.002
_BAND = 0.004
_HOLD = 0.3
_WORK_SIDE = 768


def logo_alpha(image: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Find a logo.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W), or None where there is no logo.

    Raises:
        ModelFault: the background is no plain one and the saliency model is not installed.
    """
    keyed = key_background(image)
    if keyed is not None:
        return keyed if float((keyed > 127).mean()) >= LEAST_SHARE else None
    height, width = image.shape[:2]
    scale = min(1.0, _WORK_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    saliency = cv2.resize(isnet(image), size, interpolation=cv2.INTER_AREA)
    if float((saliency > 0.5).mean()) < LEAST_SHARE:
        return None
    return refine_band(image, saliency, band=_BAND, hold=_HOLD, work_side=_WORK_SIDE)
