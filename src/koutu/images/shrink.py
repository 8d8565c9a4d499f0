"""Smaller copies of a photo.

Most of a call looks at small copies of the photo, each part at a size of its own. A large photo is therefore averaged down once
by a whole factor, which OpenCV does at memory speed, and all parts take their copies from that one.
"""

import weakref
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_LARGE = 8_000_000
_BASE_SIDE = 1280  # what the base has at least on its shorter side: more than most networks see
_MOST = 8

_bases: dict[int, tuple[weakref.ref[Bytes], Bytes]] = {}
_lock = Lock()


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
    base = _base(image, max(1, width), max(1, height))
    way = cv2.INTER_AREA if base.shape[0] * base.shape[1] > width * height else cv2.INTER_LINEAR
    shrunk: Bytes = cv2.resize(base, (width, height), interpolation=way).astype(np.uint8, copy=False)
    return shrunk


def _base(image: Bytes, width: int, height: int) -> Bytes:
    """A copy that is at least as large as the wanted one; the photo itself where another pass over it costs little."""
    if image.size < 3 * _LARGE or image.flags.writeable:
        return image
    base = _kept(image)
    return base if base.shape[0] >= height and base.shape[1] >= width else image


def _kept(image: Bytes) -> Bytes:
    with _lock:
        found = _bases.get(id(image))
    if found is not None and found[0]() is image:
        return found[1]
    rows, columns = image.shape[:2]
    factors = [n for n in range(_MOST, 1, -1) if rows % n == columns % n == 0 and min(rows, columns) // n >= _BASE_SIDE]
    if not factors:
        return image
    base: Bytes = cv2.resize(image, (columns // factors[0], rows // factors[0]), interpolation=cv2.INTER_AREA).astype(np.uint8)
    number = id(image)
    with _lock:
        _bases[number] = weakref.ref(image, lambda _: _forget(number)), base
    return base


def _forget(number: int) -> None:
    # A weak reference's end may come while this thread holds the lock, so the lock is not taken; popping is atomic.
    _bases.pop(number, None)
