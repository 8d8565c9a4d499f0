"""GrabCut in a box (Rother, Kolmogorov and Blake 2004): masks without trained weights, for permissive installations."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.objects.thing import Box

Floats = NDArray[np.float32]

SIDE = 320
_ROUNDS = 4


def grab_cut(image: NDArray[np.uint8], box: Box) -> Floats:
    """Cut out what a box frames, by colours alone.

    Args:
        image: uint8 RGB (H, W, 3).
        box: of the thing.

    Returns:
        float32 (H, W), 0 or 1, soft by enlargement only.
    """
    height, width = image.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    marks = np.full(size[::-1], cv2.GC_BGD, np.uint8)
    left, right = (round(np.clip(v * scale, 0, size[0])) for v in (box.left, box.right))
    top, bottom = (round(np.clip(v * scale, 0, size[1])) for v in (box.top, box.bottom))
    marks[top:bottom, left:right] = cv2.GC_PR_FGD
    if (marks == cv2.GC_BGD).sum() < 16:  # a box that fills the photo: its border is taken as background
        marks[:2], marks[-2:], marks[:, :2], marks[:, -2:] = (cv2.GC_BGD,) * 4
    if (marks == cv2.GC_PR_FGD).sum() >= 16:
        cv2.setRNGSeed(1)
        state = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(small, marks, None, *state, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    inside = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.float32)
    enlarged: Floats = cv2.resize(inside, (width, height), interpolation=cv2.INTER_LINEAR)
    return enlarged
