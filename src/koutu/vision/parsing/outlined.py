"""A head's parts inside a finer outline: the parser knows which part it is, the matting network where the person ends."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_SAY = np.float32(0.5)  # how much the matting network counts against the parser
_FAINT = np.float32(0.25)  # where the parser sees less of a person, it does not know which part it is


def outlined(parsed: Parsed, seen: Parsed) -> Parsed:
    """Let the matting network share the decision between person and background.

    Args:
        parsed: a view whose first class is the background.
        seen: the matting network's view of the whole photo, in an upright window.

    Returns:
        The same classes and window as ``parsed``.
    """
    person = seen_from(parsed.window, seen, parsed.probabilities.shape[1])
    inside = 1 - parsed.probabilities[0]
    joined = (1 - _SAY) * inside + _SAY * person
    parts = parsed.probabilities * (joined / np.maximum(inside, _FAINT))
    parts[0] = 0
    parts[0] = np.clip(1 - parts.sum(axis=0), 0, 1)
    return Parsed(parsed.window, parsed.classes, parts.astype(np.float32))


def seen_from(window: Window, seen: Parsed, size: int) -> Floats:
    """The first class of one view as another window shows it, float32 (size, size)."""
    values = seen.probabilities[0]
    whole = np.vstack([seen.window.matrix(values.shape[0]), (0, 0, 1)])
    there = np.vstack([window.matrix(size), (0, 0, 1)])
    matrix = (there @ np.linalg.inv(whole))[:2]
    shown: Floats = cv2.warpAffine(values, matrix, (size, size), flags=cv2.INTER_LINEAR, borderValue=0.0)
    return shown
