"""A coarse mask refined to hair level: colours near the outline decide, and saliency where it agrees with the mask nearby."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import within
from koutu.models import allowed
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.matting.solve_alpha import solve_alpha
from koutu.vision.saliency.isnet import isnet

Floats = NDArray[np.float32]

WORK_SIDE = 512
BAND = 12.0  # pixels at the working size: the outline is supposed to be no farther off than that
_CERTAIN = 10.0
_HOLD_MASK = 0.002
_HOLD_SALIENCY = 0.3


def refine_mask(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Refine a coarse mask.

    Args:
        image: uint8 RGB (H, W, 3).
        mask: uint8 (H, W), 255 = foreground; grey levels and compression noise are taken as uncertainty.

    Returns:
        uint8 (H, W) alpha.

    Raises:
        ModelFault: the saliency model is not installed.
    """
    small = within(image, WORK_SIDE) * np.float32(1 / 255)
    size = small.shape[1::-1]
    coarse: Floats = cv2.resize(mask, size, interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    inside = coarse > 0.5
    known = _distance(inside) > BAND
    prior = np.where(known, inside, coarse).astype(np.float32)
    trust = np.where(known, np.float32(_CERTAIN), np.float32(_HOLD_MASK))
    if allowed("isnet"):
        saliency: Floats = cv2.resize(isnet(image), size, interpolation=cv2.INTER_AREA)
        agreement = _agreement(saliency, inside, known)
        prior = np.where(known, prior, agreement * saliency + (1 - agreement) * coarse)
        trust = np.where(known, trust, agreement * _HOLD_SALIENCY + (1 - agreement) * _HOLD_MASK)
    return guided_upsample(solve_alpha(small, prior, trust.astype(np.float32), iterations=40), image)


def _distance(inside: NDArray[np.bool_]) -> Floats:
    """Every pixel's distance to the outline."""
    within = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
    distance: Floats = np.maximum(within, outside)
    return distance


def _agreement(saliency: Floats, inside: NDArray[np.bool_], known: NDArray[np.bool_]) -> Floats:
    """How far saliency is to be believed around each pixel, 0..1: by its error on the certain pixels nearby."""
    window = (int(4 * BAND) | 1, int(4 * BAND) | 1)
    error = np.abs(saliency - inside) * known
    mean = cv2.blur(error.astype(np.float32), window) / (cv2.blur(known.astype(np.float32), window) + np.float32(1e-3))
    agreement: Floats = np.clip(1.5 - 8 * mean, 0, 1).astype(np.float32)
    return agreement
