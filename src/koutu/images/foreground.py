"""Foreground colours of a whole picture, a band of rows at a time."""

import math
from collections.abc import Iterator
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.estimate_foreground import estimate_foreground
from koutu.images.sample_grid import sample_grid
from koutu.images.shrink import shrink

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
_Colours = TypeVar("_Colours", Floats, Bytes)

_FULL_PIXELS = 300_000
_MOST_PIXELS = 1_000_000
_SHRUNK = 0.25
_BAND = 256
_ROWS = 32  # rows and columns that are worked on at once
_COLUMNS = 512
_GAP = 32  # columns without a soft pixel that are rather worked on than passed over


class ForegroundRows:
    """Foreground colours of a picture of any size, a band of rows at a time.

    Colours are estimated on a quarter of the pixels (all of a small picture's, a megapixel at most); each soft pixel then takes
    the step F + alpha (I - alpha F - (1 - alpha) B) of Forte, "Approximate Fast Foreground Colour Estimation" (2021), from the
    enlarged estimate towards its own colour.
    """

    def __init__(self, rgb: Bytes, alpha: Bytes) -> None:
        self._rgb = rgb
        self._alpha = alpha
        self._estimate: tuple[Floats, Floats] | None = None  # F and F - B, float32 (h, w, 4), 0..255
        height, width = alpha.shape
        if not _is_soft(alpha):
            return
        pixels = width * height
        factor = min(1.0, math.sqrt(min(max(_SHRUNK * pixels, _FULL_PIXELS), _MOST_PIXELS) / pixels))
        size = max(1, round(width * factor)), max(1, round(height * factor))
        small_rgb = shrink(rgb, *size)
        small_alpha = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) if factor < 1 else alpha
        foreground, background = estimate_foreground(
            small_rgb.astype(np.float32), np.multiply(small_alpha, np.float32(1 / 255), dtype=np.float32), white=255
        )
        # OpenCV samples four channels at twice the speed of three; the fourth says nothing.
        self._estimate = _four(foreground), _four(foreground - background)

    def __call__(self, top: int, bottom: int) -> Bytes:
        """The rows top..bottom, uint8 (bottom - top, W, 3): foreground colour where alpha is over 0, else 0. Thread-safe."""
        alpha = self._alpha[top:bottom]
        out: Bytes = cv2.copyTo(self._rgb[top:bottom], alpha)
        if self._estimate is not None:
            for row in range(0, bottom - top, _ROWS):
                soft = cv2.inRange(alpha[row : row + _ROWS], 1, 254)
                for left, right in _runs(soft):
                    block = np.s_[row : row + _ROWS, left:right]
                    cv2.copyTo(self._soft(top + row, left, out[block], alpha[block]), soft[:, left:right], out[block])
        return out

    def _soft(self, top: int, left: int, rgb: Bytes, alpha: Bytes) -> Bytes:
        """Foreground colours of a block of pixels, uint8 (h, w, 3), as if all of them were soft."""
        assert self._estimate is not None
        foreground, difference = self._estimate
        shape, small = self._alpha.shape, foreground.shape
        if small[:2] == shape:
            return _bytes(foreground[top : top + alpha.shape[0], left : left + alpha.shape[1]])
        step = small[1] / shape[1], small[0] / shape[0]
        start = (left + 0.5) * step[0] - 0.5, (top + 0.5) * step[1] - 0.5
        # With D = F - B the step from F is (1 - alpha) (F + alpha D) + alpha I.
        share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGBA) * np.float32(1 / 255)
        colours = sample_grid(foreground, start, step, alpha.shape)
        move = sample_grid(difference, start, step, alpha.shape)
        move *= share
        colours += move
        np.subtract(_four(rgb), colours, out=move)
        move *= share
        colours += move
        return _bytes(colours)


def _four(colours: _Colours) -> _Colours:
    return cast(_Colours, cv2.cvtColor(colours, cv2.COLOR_RGB2RGBA))


def _bytes(colours: Floats) -> Bytes:
    """Colours of four channels, rounded and cut to 0..255, as uint8 (h, w, 3)."""
    rounded: Bytes = cv2.cvtColor(cv2.add(colours, 0.0, dtype=cv2.CV_8U), cv2.COLOR_RGBA2RGB)
    return rounded


def _runs(soft: Bytes) -> Iterator[tuple[int, int]]:
    """First and last column, exclusive, of runs of columns with soft pixels."""
    columns = np.flatnonzero(soft.max(axis=0))
    if columns.size:
        ends = np.flatnonzero(np.diff(columns) > _GAP)
        for first, last in zip(columns[np.r_[0, ends + 1]].tolist(), columns[np.r_[ends, -1]].tolist(), strict=True):
            for left in range(first, last + 1, _COLUMNS):
                yield left, min(left + _COLUMNS, last + 1)


def _is_soft(alpha: Bytes) -> bool:
    """Whether some pixel is neither empty nor solid; a band of rows at a time, since most pictures soon have one."""
    bands = (alpha[top : top + _BAND] for top in range(0, alpha.shape[0], _BAND))
    return any(bool((cv2.inRange(band, 1, 254) > 0).any()) for band in bands)
