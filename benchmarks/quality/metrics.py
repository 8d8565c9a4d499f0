"""Scores of masks and mattes against labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def iou(mine: NDArray[np.bool_], truth: NDArray[np.bool_], known: NDArray[np.bool_] | None = None) -> float:
    """Intersection over union of two masks (H, W) where ``known``; 1 if both are empty."""
    return ratio(*overlap(mine, truth, known))


def ratio(inside: int, around: int) -> float:
    """Intersection over union from both counts of pixels; 1 if both are 0."""
    return inside / around if around else 1.0


def overlap(mine: NDArray[np.bool_], truth: NDArray[np.bool_], known: NDArray[np.bool_] | None = None) -> tuple[int, int]:
    """How many pixels are in both masks (H, W), and how many in either, where ``known``."""
    if known is not None:
        mine, truth = mine & known, truth & known
    return int((mine & truth).sum()), int((mine | truth).sum())


def mean(scores: Sequence[float]) -> float:
    """The mean; nan, without a warning, where no photo was scored."""
    return float(np.mean(scores)) if scores else math.nan


def mean_absolute_error(alpha: NDArray[np.floating], truth: NDArray[np.floating]) -> float:
    """Mean of |alpha - truth| over all pixels, both (H, W) in 0..1."""
    return float(np.abs(alpha - truth).mean())


def class_iou(mine: NDArray[np.integer], truth: NDArray[np.integer], classes: int) -> NDArray[np.float64]:
    """Intersections and unions per class, (2, classes), of label images; truth outside 0..classes-1 is not known."""
    known = (truth >= 0) & (truth < classes)
    pairs = np.bincount(truth[known] * classes + mine[known], minlength=classes * classes).reshape(classes, classes)
    inside = np.diag(pairs).astype(np.float64)
    return np.stack([inside, pairs.sum(0) + pairs.sum(1) - inside])
