"""A logo's matte: keyed from a plain background, found by the logo head on any other."""

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.logos.ask_logo import ask_logo
from koutu.vision.logos.key_background import key_background
from koutu.vision.matting.refine_band import refine_band
from koutu.vision.saliency.isnet import isnet

LEAST_SHARE = 0.002
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
    if keyed is not None:
        return keyed if float((keyed > 127).mean()) >= LEAST_SHARE else None
    found = ask_logo(image) if allowed("things_logo") else isnet(image)
    if float((found > 0.5).mean()) < LEAST_SHARE:
        return None
    return refine_band(image, found, band=_BAND, hold=_HOLD, work_side=_WORK_SIDE)
