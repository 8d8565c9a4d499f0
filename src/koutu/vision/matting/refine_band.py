"""From a rough probability to alpha: the uncertain band is solved at a working size, then enlarged along the photo's edges."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.bounds import bounds
from koutu.images.shrink import within
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.matting.solve_alpha import solve_alpha

Floats = NDArray[np.float32]

WORK_SIDE = 512
_CERTAIN = 10.0


def refine_band(
    image: NDArray[np.uint8],
    rough: Floats,
    *,
    band: float = 0.012,
    hold: float = 0.03,
    sure: float = 0.95,
    work_side: int = WORK_SIDE,
) -> NDArray[np.uint8]:
    """Refine a rough alpha to the photo's edges.

    Args:
        image: uint8 RGB (H, W, 3).
        rough: float32 (h, w), 0..1, of any size, on the whole photo.
        band: pixels so near to an uncertain one, as a share of the long side, are uncertain too.
        hold: how strongly the rough alpha holds in the uncertain band; 0 = only colours count there.
        sure: a rough alpha over it, or under 1 - sure, is certain outside the band.
        work_side: long side of the picture at which the band is solved.

    Returns:
        uint8 (H, W).
    """
    small = within(image, work_side) * np.float32(1 / 255)
    size = small.shape[1::-1]
    shrinks = rough.shape[1] > size[0]
    prior: Floats = cv2.resize(rough, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return guided_upsample(solve_band(small, prior, band=band * max(size), hold=hold, sure=sure), image)


def solve_band(small: Floats, prior: Floats, *, band: float, hold: float, sure: float) -> Floats:
    """Solve alpha in the uncertain band of a prior of the same size.

    Args:
        small: float32 RGB (h, w, 3), 0..1.
        prior: float32 (h, w), 0..1.
        band: pixels so near to an uncertain one, or to where 0 meets 1, are uncertain too.
        hold: how strongly the prior holds in the band.
        sure: a prior over it, or under 1 - sure, is certain outside the band.

    Returns:
        float32 (h, w), 0..1.
    """
    inside = (prior > 0.5).astype(np.uint8)
    outline = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    doubtful = ((prior < sure) & (prior > 1 - sure)).astype(np.uint8) | outline
    radius = max(1, round(band))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    unknown = cv2.dilate(doubtful, kernel) > 0
    if not unknown.any():
        return inside.astype(np.float32)
    box = bounds(unknown, margin=8)
    alpha = inside.astype(np.float32)
    known = np.where(unknown[box], prior[box], alpha[box]).astype(np.float32)
    trust = np.where(unknown[box], np.float32(hold), np.float32(_CERTAIN))
    alpha[box] = solve_alpha(np.ascontiguousarray(small[box]), known, trust)
    return alpha
