"""A head's parts inside a finer outline: the parser knows which part it is, the matting network where the person ends."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.people.rvm import rvm

_SAY = np.float32(0.5)  # how much the matting network counts against the parser
_FAINT = np.float32(0.25)  # where the parser sees less of a person, it does not know which part it is


def outlined(image: NDArray[np.uint8], parsed: Parsed) -> Parsed:
    """Let the matting network, looking at the parser's window, share the decision between person and background.

    Args:
        image: uint8 RGB (H, W, 3).
        parsed: a view whose first class is the background.

    Returns:
        The same classes and window; unchanged where the licence setting keeps the matting network out.
    """
    if not allowed("rvm"):
        return parsed
    seen = rvm(image, parsed.window).probabilities[0]
    size = parsed.probabilities.shape[1:]
    person = cv2.resize(seen, size[::-1], interpolation=cv2.INTER_AREA)
    inside = 1 - parsed.probabilities[0]
    joined = (1 - _SAY) * inside + _SAY * person
    parts = parsed.probabilities * (joined / np.maximum(inside, _FAINT))
    parts[0] = 0
    parts[0] = np.clip(1 - parts.sum(axis=0), 0, 1)
    return Parsed(parsed.window, parsed.classes, parts.astype(np.float32))
