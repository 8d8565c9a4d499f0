"""Smaller copies of a photo.

Most of a call looks at small copies of the photo, each part at a size of its own. A large photo is therefore averaged down once
by a whole factor, which OpenCV does at memory speed, and all parts take their copies from that one.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.beside import Beside

Bytes = NDArray[np.uint8]

_LARGE = 8_000_000
BASE_SIDE = 1200  # what the base has at least on its shorter side: more than most networks see
_MOST = 8
_LEFT = 2  # times the wanted size: of less than that, averaging once more would blur

_bases: Beside[Bytes] = Beside()


def shrink(image: Bytes, width: int, height: int) -> Bytes:
    """The photo at another size: averaged over areas where it gets smaller, bilinear where it does not.

    Args:
        image: uint8 (H, W, 3). Of a large one that is not writeable, as `decode` gives them, the copy in between is kept as
            long as the photo lives.
        width: in pixels.
        height: in pixels.

    Returns:
        uint8 (height, width, 3).
    """
    if image.shape[:2] == (height, width):
        return image
    width, height = max(1, width), max(1, height)
    base = _averaged(_base(image, width, height), width, height)
    way = cv2.INTER_AREA if base.shape[0] * base.shape[1] > width * height else cv2.INTER_LINEAR
    shrunk: Bytes = cv2.resize(base, (width, height), interpolation=way).astype(np.uint8, copy=False)
    return shrunk


def within(image: Bytes, side: int) -> Bytes:
    """The photo with its long side at most ``side`` pixels, itself if it is small enough; see `shrink`."""
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    return shrink(image, max(1, round(width * scale)), max(1, round(height * scale)))


def _base(image: Bytes, width: int, height: int) -> Bytes:
    """A copy that is at least as large as the wanted one; the photo itself where another pass over it costs little."""
    if image.size < 3 * _LARGE or image.flags.writeable:
        return image
    base = _kept(image)
    return base if base.shape[0] >= height and base.shape[1] >= width else image


def whole_factor(rows: int, columns: int, most: int, least: int = 2) -> int:
    """The largest factor, ``least`` to ``most``, that divides both sides, or 1: OpenCV averages by those at memory speed."""
    return next((factor for factor in range(most, least - 1, -1) if rows % factor == columns % factor == 0), 1)


def _averaged(image: Bytes, width: int, height: int) -> Bytes:
    """The photo averaged down by a whole factor, where enough is left to average on."""
    rows, columns = image.shape[:2]
    if rows % height == columns % width == 0:
        return image
    most = min(rows // height, columns // width) // _LEFT
    return _divided(image, whole_factor(rows, columns, most))


def _divided(image: Bytes, factor: int) -> Bytes:
    if factor == 1:
        return image
    size = image.shape[1] // factor, image.shape[0] // factor
    smaller: Bytes = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return smaller


def _kept(image: Bytes) -> Bytes:
    found = _bases.get(image)
    if found is not None:
        return found
    rows, columns = image.shape[:2]
    factor = whole_factor(rows, columns, min(_MOST, min(rows, columns) // BASE_SIDE))
    if factor == 1:
        return image
    base = _divided(image, factor)
    keep_base(image, base)
    return base


def keep_base(image: Bytes, base: Bytes) -> None:
    """Let copies of a photo be taken from ``base``, uint8 (h, w, 3): the whole photo, smaller."""
    _bases.put(image, base)
