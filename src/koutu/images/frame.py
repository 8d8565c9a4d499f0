"""Photos with plain margins: framed ones, letterboxed films, screenshots."""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_TOLERANCE = 10  # a margin's pixels differ by no more from its colour; JPEG moves them a little
_FLAWS = 0.005  # of a row or column: so many may
_SAMPLES = 512  # pixels of a row or column that are looked at
_LEAST = 0.02  # of the side: thinner margins do no harm
_MOST = 0.9  # of the side, for one margin
_WORTHWHILE = 0.8  # of the picture: a framed part larger than that is seen well enough
_SMALLEST = 32  # pixels: the side of a photo; what is narrower is a line
_STEP = 20  # how much a photo's outermost pixels differ from the margin,
_STRAIGHT = 0.8  # nearly all along it: a thing before a plain wall touches its bounds in some places only
_INSIDE = (2, 9)  # pixels from the border, which may be blurred, or spread by JPEG's blocks


def framed(image: Bytes) -> tuple[slice, slice] | None:
    """The part of a picture that plain margins frame, where there are some on the left and right, or above and below.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        Its rows and columns; None where the picture has no such margins, or narrow ones. A thing before a plain background
        is not framed: its bounds have no straight edges.
    """
    height, width = image.shape[:2]
    above, below = _margin(image), _margin(image[::-1])
    if above + below >= height:
        return None
    middle = image[above : height - below].transpose(1, 0, 2)
    left, right = _margin(middle), _margin(middle[::-1])
    above, below = (one if one >= _LEAST * height else 0 for one in (above, below))
    left, right = (one if one >= _LEAST * width else 0 for one in (left, right))
    if not ((above and below) or (left and right)):
        return None
    part = slice(above, height - below), slice(left, width - right)
    high, wide = height - above - below, width - left - right
    if min(high, wide) < _SMALLEST or high * wide > _WORTHWHILE * height * width:
        return None
    rows, columns = image[:, part[1]], image.transpose(1, 0, 2)[:, part[0]]
    edges = ((rows, above), (rows[::-1], below), (columns, left), (columns[::-1], right))
    return part if all(_ends_straight(lines, margin) for lines, margin in edges) else None


def between_bars(image: Bytes) -> tuple[slice, slice] | None:
    """As `framed`, but for margins on two sides alone: a box or a book before a plain wall has straight edges on all four."""
    part = framed(image)
    if part is None:
        return None
    sides = zip(part, image.shape, strict=False)
    return part if any(side == slice(0, length) for side, length in sides) else None


def _margin(lines: Bytes) -> int:
    """How many of some lines of pixels, (n, m, 3), are plain from the first one on; 0 where too many are."""
    lines = lines[: int(_MOST * len(lines)) + 1, :: max(1, lines.shape[1] // _SAMPLES)]
    colour = np.median(lines[0], axis=0)
    for count, line in enumerate(lines):
        if float((np.abs(line - colour).max(axis=1) > _TOLERANCE).mean()) > _FLAWS:
            return count
    return 0


def _ends_straight(lines: Bytes, margin: int) -> bool:
    """Whether what follows a margin differs from it nearly all along."""
    if not margin:
        return True
    colour = np.median(lines[0], axis=0)
    looks = [np.abs(lines[min(margin + inside, len(lines) - 1)] - colour).max(axis=1) for inside in _INSIDE]
    return max(float((look > _STEP).mean()) for look in looks) >= _STRAIGHT
