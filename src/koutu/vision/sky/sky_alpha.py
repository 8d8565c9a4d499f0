"""The sky's matte: what the scene head calls sky, refined to branches, wires and hair."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import within
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.matting.solve_alpha import solve_alpha
from koutu.vision.scenes.label_scene import CLASSES, joined_probabilities

Floats = NDArray[np.float32]

LEAST_SHARE = 0.004
WORK_SIDE = 640
_SURE = 0.8
_CERTAIN = 10.0
_HOLD = 0.05
_COLOURS = np.float32(0.3)  # how much a pixel's colour counts against the scene head near the skyline
_HAZE = 0.08  # alphas that near to 0 or 1 are doubt, not transparency
_DARKER = 0.15
_TILE, _MARGIN = 512, 48


def sky_alpha(image: NDArray[np.uint8], *, fine_side: int = WORK_SIDE) -> NDArray[np.uint8] | None:
    """Find the sky.

    Args:
        image: uint8 RGB (H, W, 3).
        fine_side: long side of the picture at which the edges are solved in the end. Over WORK_SIDE they are solved tile by
            tile, so that time grows with it where the skyline is, and memory only by the picture at that size.

    Returns:
        uint8 (H, W), or None where the photo has no sky.

    Raises:
        ModelFault: the scene model is missing.
    """
    probability = sky_probability(image)
    if probability is None:
        return None
    small = within(image, WORK_SIDE)
    prior: Floats = cv2.resize(probability, small.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    alpha = _solve(small * np.float32(1 / 255), prior)
    if fine_side > WORK_SIDE and max(image.shape) > WORK_SIDE:
        alpha = _solve_tiles(within(image, fine_side), alpha)
    return guided_upsample(alpha, image)


def sky_probability(image: NDArray[np.uint8]) -> Floats | None:
    """The sky by the scene heads: float32 (h, w), 0..1, on the whole photo; None if there is none."""
    seen = joined_probabilities(image)[CLASSES.index("sky")]
    if float((seen > _SURE).mean()) < LEAST_SHARE / 2:
        return None
    return seen if float((seen > 0.5).mean()) >= LEAST_SHARE else None


def _solve_tiles(image: NDArray[np.uint8], coarse: Floats) -> Floats:
    """Solve a coarse alpha anew at a larger size, a tile at a time, where there are edges."""
    height, width = image.shape[:2]
    alpha: Floats = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    prior = alpha.copy()
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            y0, x0 = max(0, top - _MARGIN), max(0, left - _MARGIN)
            y1, x1 = min(height, top + _TILE + _MARGIN), min(width, left + _TILE + _MARGIN)
            part = prior[y0:y1, x0:x1]
            if part.max() < 0.02:
                continue
            solved = _solve(image[y0:y1, x0:x1] * np.float32(1 / 255), part)
            inner = slice(top, min(top + _TILE, height)), slice(left, min(left + _TILE, width))
            alpha[inner] = solved[inner[0].start - y0 : inner[0].stop - y0, inner[1].start - x0 : inner[1].stop - x0]
    return alpha


def _solve(small: Floats, prior: Floats) -> Floats:
    """Alpha at the working size: near the skyline colours decide, with the local colours of sky and land as the prior."""
    side = max(small.shape[:2])
    inside = (prior > 0.5).astype(np.uint8)
    reach = max(2, round(0.02 * side))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    high = 0.9 * float(prior.max())
    sure_sky = (cv2.erode(inside, kernel, borderValue=1) > 0) & (prior > high)
    dark = _dark(small, prior > high, reach)
    sure_sky &= cv2.dilate(dark.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0
    sure_land = (cv2.dilate(inside, kernel) == 0) & (prior < 0.1)
    unknown = ~(sure_sky | sure_land)
    if not unknown.any():
        return inside.astype(np.float32)
    sky, land = sure_sky | ((prior > high) & unknown & ~dark), sure_land | ((prior < 0.05) & unknown) | dark
    likely = _likeness(small, sky, land, reach)
    known = np.where(dark, 0, np.where(unknown, prior + _COLOURS * (likely - prior), inside)).astype(np.float32)
    trust = np.where(unknown, np.float32(_HOLD), np.float32(_CERTAIN))
    solved = solve_alpha(small, known, trust, radius=1)
    return np.asarray(np.clip((solved - _HAZE) / (1 - 2 * _HAZE), 0, 1), np.float32)


def _dark(small: Floats, sky: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Wires, masts and twigs: clearly darker than the sky around them."""
    weight = cv2.GaussianBlur(sky.astype(np.float32), (0, 0), 2.0 * reach) + np.float32(1e-4)
    mean = cv2.GaussianBlur(small * sky[..., None], (0, 0), 2.0 * reach) / weight[..., None]
    return np.asarray(sky & ((mean - small).max(axis=2) > _DARKER))


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
