"""Foreground colours of a whole picture, a band of rows at a time."""

import math
from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.estimate_foreground import estimate_near_edges
from koutu.images.sample_grid import sample_grid
from koutu.images.shrink import shrink

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Index = NDArray[np.intp]

_FULL_PIXELS = 300_000
_MOST_PIXELS = 1_000_000
_SHRUNK = 0.25
_BAND = 256
# Rows and columns that are worked on at once: in smaller parts threads wait for each other more than they work.
_ROWS = 128
_COLUMNS = 512
_GAP = 32  # columns without a soft pixel that are rather worked on than passed over


class ForegroundRows:
    """A cut-out picture of any size in true colours, a band of rows at a time.

    Colours are estimated on a quarter of the pixels (all of a small picture's, a megapixel at most); each soft pixel then takes
    the step F + alpha (I - alpha F - (1 - alpha) B) of Forte, "Approximate Fast Foreground Colour Estimation" (2021), from the
    enlarged estimate towards its own colour.
    """

    def __init__(self, rgb: Bytes, alpha: Bytes) -> None:
        self._rgb = rgb
        self._alpha = alpha
        self._estimate: tuple[Floats, Floats] | None = None  # F and F - B near soft pixels, float32 (h, w, 4), 0..255
        height, width = alpha.shape
        if not _is_soft(alpha):
            return
        pixels = width * height
        factor = min(1.0, math.sqrt(min(max(_SHRUNK * pixels, _FULL_PIXELS), _MOST_PIXELS) / pixels))
        size = max(1, round(width * factor)), max(1, round(height * factor))
        small_alpha = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) if factor < 1 else alpha
        share = np.multiply(small_alpha, np.float32(1 / 255), dtype=np.float32)
        places, colours = estimate_near_edges(shrink(rgb, *size), share, white=255)
        # OpenCV samples four channels at twice the speed of three; the fourth says nothing.
        self._estimate = _four(colours[:3], places, share), _four(colours[:3] - colours[3:], places, share)

    def __call__(self, top: int, bottom: int) -> Bytes:
        """The rows top..bottom, uint8 RGBA (bottom - top, W, 4): foreground colours, and 0 where alpha is 0. Thread-safe."""
        alpha = self._alpha[top:bottom]
        if not cv2.countNonZero(alpha):
            return np.zeros((*alpha.shape, 4), np.uint8)
        rgba: Bytes = cv2.cvtColor(self._rgb[top:bottom], cv2.COLOR_RGB2RGBA)
        for row in range(0, bottom - top, _ROWS):
            self._cut(top + row, rgba[row : row + _ROWS])
        return rgba

    def _cut(self, top: int, rgba: Bytes) -> None:
        """Make opaque rows of the picture those of the result."""
        alpha = self._alpha[top : top + len(rgba)]
        for left, right in _runs(alpha.min(axis=0) < 255):
            block, part = alpha[:, left:right], rgba[:, left:right]
            empty = cv2.compare(block, 0, cv2.CMP_EQ)
            cv2.copyTo(np.zeros(part.shape, np.uint8), empty, part)
            if self._estimate is None:
                continue
            soft = cv2.inRange(block, 1, 254)
            for first, last in _runs(soft.max(axis=0) > 0):
                near = np.s_[:, first:last]
                cv2.copyTo(self._soft(top, left + first, part[near], block[near]), soft[near], part[near])

    def _soft(self, top: int, left: int, rgba: Bytes, alpha: Bytes) -> Bytes:
        """A block of pixels as if all of them were soft, uint8 RGBA (h, w, 4)."""
        assert self._estimate is not None
        foreground, difference = self._estimate
        shape, small = self._alpha.shape, foreground.shape
        if small[:2] == shape:
            found = cv2.add(foreground[top : top + alpha.shape[0], left : left + alpha.shape[1]], 0.0, dtype=cv2.CV_8U)
        else:
            step = small[1] / shape[1], small[0] / shape[0]
            start = (left + 0.5) * step[0] - 0.5, (top + 0.5) * step[1] - 0.5
            # With D = F - B the step from F is (1 - alpha) (F + alpha D) + alpha I.
            share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGBA) * np.float32(1 / 255)
            colours = sample_grid(foreground, start, step, alpha.shape)
            move = sample_grid(difference, start, step, alpha.shape)
            move *= share
            colours += move
            cv2.subtract(rgba, colours, dst=move, dtype=cv2.CV_32F)
            move *= share
            found = cv2.add(colours, move, dtype=cv2.CV_8U)  # rounds, and cuts to 0..255
        return cast(Bytes, cv2.insertChannel(alpha, found, 3))


def _four(colours: Floats, places: Index, like: Floats) -> Floats:
    """Colours, float32 (3, n), of some places as a picture, float32 (h, w, 4), that is 0 elsewhere."""
    picture = np.zeros((like.size, 4), np.float32)
    picture[places] = np.concatenate([colours, np.zeros_like(colours[:1])]).T
    return picture.reshape(*like.shape, 4)


def _runs(wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last column, exclusive, of runs of wanted columns."""
    columns = np.flatnonzero(wanted)
    if columns.size:
        ends = np.flatnonzero(np.diff(columns) > _GAP)
        for first, last in zip(columns[np.r_[0, ends + 1]].tolist(), columns[np.r_[ends, -1]].tolist(), strict=True):
            for left in range(first, last + 1, _COLUMNS):
                yield left, min(left + _COLUMNS, last + 1)


def _is_soft(alpha: Bytes) -> bool:
    """Whether some pixel is neither empty nor solid; a band of rows at a time, since most pictures soon have one."""
    bands = (alpha[top : top + _BAND] for top in range(0, alpha.shape[0], _BAND))
    return any(bool((cv2.inRange(band, 1, 254) > 0).any()) for band in bands)
