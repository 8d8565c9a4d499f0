"""Where the salient object is the thing that was found, saliency's finer edges take over."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_REACH = 0.03
_ENOUGH = 0.8


def agree(probability: Floats, saliency: Floats) -> Floats:
    """Join a coarse probability and a fine saliency.

    Args:
        probability: float32 (h, w), 0..1, of the wanted things.
        saliency: float32, any size, 0..1, of the photo's salient object.

    Returns:
        float32 (h, w): near every wanted thing whose silhouette saliency confirms, saliency's alpha; else the probability.
    """
    height, width = probability.shape
    fine: Floats = cv2.resize(saliency, (width, height), interpolation=cv2.INTER_AREA)
    inside = (probability > 0.5).astype(np.uint8)
    radius = max(2, round(_REACH * max(height, width)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    count, parts = cv2.connectedComponents(cv2.dilate(inside, kernel))
    joined = probability.copy()
    for index in range(1, count):
        region = parts == index
        mine, theirs = (inside > 0) & region, (fine > 0.5) & region
        union = int((mine | theirs).sum())
        if union and int((mine & theirs).sum()) >= _ENOUGH * union:
            joined[region] = 0.25 * probability[region] + 0.75 * fine[region]
    return joined
