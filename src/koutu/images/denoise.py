"""Photos without their noise, for networks that take grain for texture."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_GAIN = 6.0  # standard deviation that this kernel makes of noise of 1
_BLOCK = 16
_CALM = 0.1  # quantile of the blocks that shows noise alone, not texture,
_OF_CALM = 0.6  # and how much of the noise it shows: blocks differ
_LEAST_BLOCKS = 8
_DARK, _BRIGHT = 12, 243  # mean levels beyond which noise is cut off
_NOISY = 3.5  # standard deviation, in levels, from which noise is taken away
_STRENGTH = 0.6  # of the filter, in standard deviations of the noise; of .6 to 2, measured on skies
_PATCH, _SEARCH = 5, 11


def denoise(image: Bytes) -> Bytes:
    """A photo without its noise by non-local means (Buades et al. 2005); itself where there is hardly any.

    Args:
        image: uint8 RGB (H, W, 3).
    """
    strength = _STRENGTH * noise_level(image)
    if strength < _STRENGTH * _NOISY:
        return image
    calm: Bytes = cv2.fastNlMeansDenoisingColored(image, None, strength, strength, _PATCH, _SEARCH).astype(np.uint8, copy=False)
    return calm


def noise_level(image: Bytes) -> float:
    """The standard deviation of a photo's noise in levels of 0..255, from its calmest parts (after Immerkaer 1996).

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        About 0 for a clean photo, one of noise that was averaged away, or one of which no part tells.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    rough, level = _by_block(np.abs(cv2.filter2D(grey, -1, _LAPLACIANS))), _by_block(grey)
    telling = rough[(level > _DARK) & (level < _BRIGHT)]
    if len(telling) < _LEAST_BLOCKS:
        return 0.0
    return float(np.quantile(telling, _CALM)) * math.sqrt(math.pi / 2) / (_GAIN * _OF_CALM)


def _by_block(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each whole block, in one row."""
    rows, columns = values.shape[0] // _BLOCK, values.shape[1] // _BLOCK
    blocks = values[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    means: NDArray[np.float32] = blocks.mean(axis=(1, 3)).ravel()
    return means
