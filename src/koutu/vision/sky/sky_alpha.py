"""The sky's matte: what the scene head calls sky, refined to branches, wires and hair."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.matting.solve_alpha import solve_alpha
from koutu.vision.scenes.label_scene import CLASSES, scene_probabilities

Floats = NDArray[np.float32]

LEAST_SHARE = 0.004
_CERTAIN = 10.0
_HOLD = 0.05


def sky_alpha(image: NDArray[np.uint8], *, work_side: int = 640) -> NDArray[np.uint8] | None:
    """Find the sky.

    Args:
        image: uint8 RGB (H, W, 3).
        work_side: long side of the picture at which the edges are solved; memory grows with it, not with the photo.

    Returns:
        uint8 (H, W), or None where the photo has no sky.

    Raises:
        ModelFault: the scene model is missing.
    """
    probability = scene_probabilities(image)[CLASSES.index("sky")]
    if float((probability > 0.5).mean()) < LEAST_SHARE:
        return None
    height, width = image.shape[:2]
    scale = min(1.0, work_side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    prior: Floats = cv2.resize(probability, size, interpolation=cv2.INTER_LINEAR)
    return guided_upsample(_solve(small, prior), image)


def _solve(small: Floats, prior: Floats) -> Floats:
    """Alpha at the working size: near the skyline colours decide, with the local colours of sky and land as the prior."""
    side = max(small.shape[:2])
    inside = (prior > 0.5).astype(np.uint8)
    reach = max(2, round(0.02 * side))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    sure_sky = (cv2.erode(inside, kernel, borderValue=1) > 0) & (prior > 0.9)
    sure_land = (cv2.dilate(inside, kernel) == 0) & (prior < 0.1)
    unknown = ~(sure_sky | sure_land)
    if not unknown.any():
        return inside.astype(np.float32)
    likely = _likeness(small, sure_sky | ((prior > 0.95) & unknown), sure_land | ((prior < 0.05) & unknown), reach)
    known = np.where(unknown, 0.5 * (prior + likely), inside).astype(np.float32)
    trust = np.where(unknown, np.float32(_HOLD), np.float32(_CERTAIN))
    return solve_alpha(small, known, trust, radius=1)


def _likeness(small: Floats, sky: NDArray[np.bool_], land: NDArray[np.bool_], reach: int) -> Floats:
    """How much more a pixel's colour is like the sky's around it than like the land's: 0..1."""
    distances = []
    for region in (sky, land):
        weight = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 2.0 * reach) + np.float32(1e-4)
        mean = cv2.GaussianBlur(small * region[..., None], (0, 0), 2.0 * reach) / weight[..., None]
        square = cv2.GaussianBlur((small * small) * region[..., None], (0, 0), 2.0 * reach) / weight[..., None]
        variance = np.maximum(square - mean * mean, 0).sum(axis=2) / 3 + np.float32(4e-4)
        distances.append(((small - mean) ** 2).sum(axis=2) / variance + np.log(variance) * 3)
    gap: Floats = np.clip(0.5 * (distances[1] - distances[0]), -20, 20)
    return (1 / (1 + np.exp(-gap))).astype(np.float32)
