"""CelebAMask-HQ's labels (Lee et al. 2020), with the sides of the face put right where they are swapped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PAIRS = ((4, 5), (6, 7), (8, 9))  # the subject's left and right eye, brow and ear
_LEAST = 20  # pixels: fewer say nothing about a place


def with_true_sides(ids: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Label ids (H, W) whose left and right are the subject's: in 7 % of the photos every pair is swapped.

    All faces of the set are upright and show their front, so the subject's left lies on the right.
    """
    if not swapped(ids):
        return ids
    other = np.arange(256, dtype=np.uint8)
    for left, right in _PAIRS:
        other[[left, right]] = right, left
    turned: NDArray[np.uint8] = other[ids]
    return turned


def swapped(ids: NDArray[np.uint8]) -> bool:
    """Whether all pairs of which both are visible lie the wrong way round."""
    ways = []
    for left, right in _PAIRS:
        mine, theirs = np.nonzero(ids == left)[1], np.nonzero(ids == right)[1]
        if min(len(mine), len(theirs)) > _LEAST:
            ways.append(bool(mine.mean() < theirs.mean()))
    return bool(ways) and all(ways)
