"""Foreground colours of a whole picture, a band of rows at a time."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.estimate_foreground import estimate_foreground
from koutu.images.sample_at import sample_at

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_FULL_PIXELS = 300_000
_MOST_PIXELS = 1_000_000
_SHRUNK = 0.25
_BAND = 256


class ForegroundRows:
    """Foreground colours of a picture of any size, a band of rows at a time.

    Colours are estimated on a quarter of the pixels (all of a small picture's, a megapixel at most); each soft pixel then takes
    the step F + alpha (I - alpha F - (1 - alpha) B) of Forte, "Approximate Fast Foreground Colour Estimation" (2021), from the
    enlarged estimate towards its own colour.
    """

    def __init__(self, rgb: Bytes, alpha: Bytes) -> None:
        self._rgb = rgb
        self._alpha = alpha
        self._estimate: tuple[Floats, Floats] | None = None
        height, width = alpha.shape
        if not _is_soft(alpha):
            return
        pixels = width * height
        factor = min(1.0, math.sqrt(min(max(_SHRUNK * pixels, _FULL_PIXELS), _MOST_PIXELS) / pixels))
        size = max(1, round(width * factor)), max(1, round(height * factor))
        small_rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if factor < 1 else rgb
        small_alpha = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) if factor < 1 else alpha
        self._estimate = estimate_foreground(
            np.multiply(small_rgb, np.float32(1 / 255), dtype=np.float32),
            np.multiply(small_alpha, np.float32(1 / 255), dtype=np.float32),
        )

    def __call__(self, top: int, bottom: int) -> Bytes:
        """The rows top..bottom, uint8 (bottom - top, W, 3): foreground colour where alpha is over 0, else 0. Thread-safe."""
        alpha = self._alpha[top:bottom]
        out: Bytes = cv2.copyTo(self._rgb[top:bottom], alpha)
        if self._estimate is not None:
            y, x = np.nonzero((alpha > 0) & (alpha < 255))
            if y.size:
                share = alpha[y, x][:, None] * np.float32(1 / 255)
                out[y, x] = np.rint(self._soft(y + top, x, out[y, x], share) * 255).astype(np.uint8)
        return out

    def _soft(self, y: NDArray[np.intp], x: NDArray[np.intp], rgb: Bytes, share: Floats) -> Floats:
        assert self._estimate is not None
        foreground, background = self._estimate
        height, width = self._alpha.shape
        if foreground.shape[:2] == (height, width):
            return foreground[y, x]
        there_x = ((x + 0.5) * (foreground.shape[1] / width) - 0.5).astype(np.float32)
        there_y = ((y + 0.5) * (foreground.shape[0] / height) - 0.5).astype(np.float32)
        f, b = (sample_at(colours, there_x, there_y) for colours in (foreground, background))
        colour = rgb * np.float32(1 / 255)
        moved: Floats = np.clip(f + share * (colour - share * f - (1 - share) * b), 0, 1)
        return moved


def _is_soft(alpha: Bytes) -> bool:
    """Whether some pixel is neither empty nor solid; a band of rows at a time, since most pictures soon have one."""
    bands = (alpha[top : top + _BAND] for top in range(0, alpha.shape[0], _BAND))
    return any(bool((cv2.inRange(band, 1, 254) > 0).any()) for band in bands)
