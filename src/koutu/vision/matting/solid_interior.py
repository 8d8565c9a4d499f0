"""Decide the doubtful inside of a subject: wide parts that a saliency network left half transparent become solid.

A network is unsure where a subject is large, plain or shiny, and its output there is no transparency. What is truly soft
(hair, blur, an edge) is narrow and lies beside plain background; so everything farther than a few pixels from it is solid.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_HAZE = 0.02
_SURE = 0.9
_BACKGROUND = 0.1
_REACH = 12


def solid_interior(saliency: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn the output of a saliency network at about 1024x1024 into an alpha.

    Args:
        saliency: float32 (H, W), 0..1.

    Returns:
        float32 (H, W), 0..1: haze is taken away, and what has no background within 12 pixels is 1, with a soft passage. With
        ISNet the mean error on true alphas falls from .058 to .036 (benchmarks/quality).
    """
    alpha = np.subtract(saliency, _HAZE, dtype=np.float32)
    alpha *= 1 / (_SURE - _HAZE)
    np.clip(alpha, 0, 1, out=alpha)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _REACH + 1, 2 * _REACH + 1))
    inside = cv2.erode((alpha > _BACKGROUND).view(np.uint8), disc, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    weight = cv2.boxFilter(inside, cv2.CV_32F, (_REACH, _REACH))
    solid: NDArray[np.float32] = np.subtract(1, alpha, dtype=np.float32)
    solid *= weight
    solid += alpha
    return solid
