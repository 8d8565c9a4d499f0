"""Colours vote on where the sky is: what looks like the photo's sure sky, far from it, is sky too."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import within

Floats = NDArray[np.float32]

SIDE = 320
_BINS = 16
_CHROMA_STEP = 5
_WEIGHT = 0.65
_STRONGEST = 4.0
_RARE = 2e-4
_LEAST = 0.003


def colour_votes(image: NDArray[np.uint8], probability: Floats) -> Floats:
    """Put the votes of a photo's own colours on a network's probability.

    Two histograms in L*a*b*, of what is sky and what is land by the network, give each pixel's colour the odds that the
    network's own are multiplied with. So one dull patch between roofs is decided by the bright sky beside it.

    Args:
        image: uint8 RGB (H, W, 3).
        probability: float32 (h, w), 0..1, of the sky, on the whole photo at any size.

    Returns:
        float32 (h2, w2), 0..1, long side SIDE or that of a smaller photo.
    """
    lab = cv2.cvtColor(within(image, SIDE), cv2.COLOR_RGB2LAB)
    prior = cv2.resize(probability, lab.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    chroma = np.clip((lab[..., 1:].astype(np.int32) - 128) // _CHROMA_STEP + _BINS // 2, 0, _BINS - 1)
    bins = lab[..., 0].astype(np.int32) * _BINS // 256, chroma[..., 0], chroma[..., 1]
    sky = _histogram(bins, np.clip(1.25 * prior - 0.25, 0, 1) ** 2)
    land = _histogram(bins, np.clip(1 - 1.25 * prior, 0, 1) ** 2)
    odds = np.clip(np.log((sky + _RARE) / (land + _RARE))[bins], -_STRONGEST, _STRONGEST)
    likely = np.clip(prior, _LEAST, 1 - _LEAST)
    voted: Floats = (1 / (1 + (1 - likely) / likely * np.exp(-_WEIGHT * odds))).astype(np.float32)
    return voted


def _histogram(bins: tuple[NDArray[np.int32], ...], weight: Floats) -> Floats:
    """Shares of the colours, smoothed over neighbouring bins."""
    flat = np.ravel_multi_index(bins, (_BINS,) * 3).ravel()
    counts = np.bincount(flat, weight.ravel(), _BINS**3).reshape((_BINS,) * 3)
    for axis in range(3):
        padded = np.pad(counts, [(1, 1) if i == axis else (0, 0) for i in range(3)])
        before, after = np.take(padded, range(_BINS), axis), np.take(padded, range(2, _BINS + 2), axis)
        counts = 0.25 * before + 0.5 * counts + 0.25 * after
    shares: Floats = (counts / max(float(counts.sum()), 1e-3)).astype(np.float32)
    return shares
