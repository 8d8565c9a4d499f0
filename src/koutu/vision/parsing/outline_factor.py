"""A head's parts inside a finer outline: the parser knows which part it is, the matting network where the person ends."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_SAY = np.float32(0.5)  # how much the matting network counts against the parser
_FAINT = np.float32(0.25)  # where the parser sees less of a person, it does not know which part it is


def outline_factor(parsed: Parsed, seen: Parsed) -> Floats:
    """Let the matting network share the decision between person and background.

    Args:
        parsed: a view whose first class is the background.
        seen: the matting network's view of the whole photo, in an upright window.

    Returns:
        float32 (size, size): what the probability of each part of the person is to be multiplied with; they stay within 0..1.
    """
    person = seen_from(parsed.window, seen, parsed.probabilities.shape[1])
    inside = 1 - parsed.probabilities[0]
    factor: Floats = ((1 - _SAY) * inside + _SAY * person) / np.maximum(inside, _FAINT)
    return factor


def seen_from(window: Window, seen: Parsed, size: int) -> Floats:
    """The first class of one view as another window shows it, float32 (size, size)."""
    values = seen.probabilities[0]
    whole = np.vstack([seen.window.matrix(values.shape[0]), (0, 0, 1)])
    there = np.vstack([window.matrix(size), (0, 0, 1)])
    matrix = (there @ np.linalg.inv(whole))[:2]
    shown: Floats = cv2.warpAffine(values, matrix, (size, size), flags=cv2.INTER_LINEAR, borderValue=0.0)
    return shown
