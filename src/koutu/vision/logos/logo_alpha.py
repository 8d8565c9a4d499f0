"""A logo's matte: keyed from a plain background, found by the logo head on any other."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.logos.ask_logo import ask_logo
from koutu.vision.logos.key_background import key_background
from koutu.vision.matting.refine_band import refine_band
from koutu.vision.saliency.isnet import isnet

LEAST_SHARE = 0.002
_LARGE_SHARE = 0.1
_LIKENESS = 0.35
_SURE, _LEAST_SURE_SHARE = 0.9, 0.001  # of a pattern that is like a sign the head is nowhere sure
_BAND = 0.004
_HOLD = 0.3
_WORK_SIDE = 768


def logo_alpha(image: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Find a logo.

    The salient object stands in for the logo head where permissive weights alone may run.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W), or None where there is no logo.

    Raises:
        ModelFault: the background is no plain one and the model is not installed.
    """
    keyed = key_background(image)
    if keyed is not None and float((keyed > 127).mean()) < LEAST_SHARE:
        return None
    if keyed is not None and not _doubtful(keyed):
        return keyed
    found = ask_logo(image) if allowed("things_logo") else isnet(image)
    if keyed is not None and _sees(found, keyed):
        return keyed
    if float((found > 0.5).mean()) < LEAST_SHARE or float((found > _SURE).mean()) < _LEAST_SURE_SHARE:
        return None
    return refine_band(image, found, band=_BAND, hold=_HOLD, work_side=_WORK_SIDE)


def _doubtful(keyed: NDArray[np.uint8]) -> bool:
    """Whether what stands out is so large that it may be a photo's subject before a plain wall, with a logo on it or none."""
    return float((keyed > 127).mean()) >= _LARGE_SHARE and allowed("things_logo")


def _sees(found: NDArray[np.float32], keyed: NDArray[np.uint8]) -> bool:
    """Whether the logo head takes a fair part of what was keyed for a logo."""
    inside = cv2.resize(keyed, found.shape[::-1], interpolation=cv2.INTER_AREA) > 127
    return float((found[inside] > 0.5).mean()) >= _LIKENESS
