"""A reference photo's sky laid out behind another photo's skyline."""

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_ROW_SHARE = 0.3
_FILL_SIDE = 512


def horizon(alpha: Bytes, share: float = _ROW_SHARE) -> int:
    """The row where a sky ends.

    Args:
        alpha: uint8 (H, W) of the sky.
        share: a row belongs to the sky's height while it shows this share of the broadest row's sky.

    Returns:
        The number of rows from the top down to the sky's lower end, at least 1.
    """
    rows = alpha.mean(axis=1)
    covered = np.flatnonzero(rows >= share * float(rows.max()))
    return int(covered[-1]) + 1 if covered.size else 1


def fit_sky(reference: Bytes, reference_alpha: Bytes, alpha: Bytes) -> Bytes:
    """Lay a reference sky out on a photo's canvas.

    The reference's sky, from its top to its horizon, is scaled evenly until it covers the photo's sky from the top to the
    horizon; the horizons meet, sides and top are cut off. What hides the reference's sky (trees, roofs) is filled from around
    it.

    Args:
        reference: uint8 RGB (h, w, 3).
        reference_alpha: uint8 (h, w) of its sky.
        alpha: uint8 (H, W) of the photo's sky.

    Returns:
        uint8 RGB (H, W, 3): sky down to the photo's lowest sky pixel, its last row repeated below.
    """
    height, width = alpha.shape
    depth = horizon(reference_alpha)
    sky = _fill(reference[:depth], reference_alpha[:depth])
    rows = np.flatnonzero(alpha.max(axis=1) > 8)
    target = int(rows[-1]) + 1 if rows.size else height
    scale = max(width / sky.shape[1], target / sky.shape[0])
    dx = (width - sky.shape[1] * scale) / 2
    dy = target - sky.shape[0] * scale
    matrix = np.array([[scale, 0, dx + (scale - 1) / 2], [0, scale, dy + (scale - 1) / 2]])
    interpolation = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    if scale < 1:
        sky = cv2.resize(sky, None, fx=scale, fy=scale, interpolation=interpolation)
        matrix = np.array([[1.0, 0, dx], [0, 1.0, dy]])
        interpolation = cv2.INTER_LINEAR
    laid: Bytes = cv2.warpAffine(sky, matrix, (width, height), flags=interpolation, borderMode=cv2.BORDER_REPLICATE)
    return laid


def _fill(sky: Bytes, alpha: Bytes) -> Bytes:
    """Replace what is not sky by a smooth continuation of the sky around it (push-pull, Gortler et al. 1996)."""
    scale = min(1.0, _FILL_SIDE / max(alpha.shape))
    size = max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale))
    # only what is sky for certain gives colour, a little away from the edges
    sure = cv2.erode(np.where(alpha > 250, 255, 0).astype(np.uint8), np.ones((3, 3), np.uint8))
    weight = cv2.resize(sure, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    colour = cv2.resize(sky, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    smooth = cv2.resize(_pull(colour * weight[..., None], weight), alpha.shape[::-1], interpolation=cv2.INTER_LINEAR)
    edge = cv2.GaussianBlur(sure, (0, 0), max(1.0, 0.004 * max(alpha.shape))).astype(np.float32) / 255
    keep = np.minimum(edge, sure.astype(np.float32) / 255)[..., None]
    filled: Floats = sky * keep + smooth * (1 - keep) + np.float32(0.5)
    return np.clip(filled, 0, 255).astype(np.uint8)


def _pull(weighted: Floats, weight: Floats) -> Floats:
    height, width = weight.shape
    known = np.maximum(weight, 1e-6)[..., None]
    if min(height, width) <= 2 or float(weight.min()) > 0.99:
        total = max(float(weight.sum()), 1e-6)
        mean = weighted.sum(axis=(0, 1)) / total
        share = np.minimum(weight, 1)[..., None]
        return np.asarray(weighted / known * share + mean * (1 - share), np.float32)
    half = (max(1, width // 2), max(1, height // 2))
    coarser = _pull(
        cv2.resize(weighted, half, interpolation=cv2.INTER_AREA), cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
    )
    below = cv2.resize(coarser, (width, height), interpolation=cv2.INTER_LINEAR)
    share = np.minimum(weight, 1)[..., None]
    return np.asarray(weighted / known * share + below * (1 - share), np.float32)
