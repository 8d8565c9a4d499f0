"""RefineMask: the alpha set's mattes made coarse in four ways."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from training.things import labelled

from benchmarks.quality.metrics import mean_absolute_error
from benchmarks.quality.table import Row
from koutu.actions.refine_mask import refine_mask


def coarse(alpha: NDArray[np.uint8]) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """The matte uint8 (H, W) eroded, dilated, blurred and quantised."""
    height, width = alpha.shape
    radius = max(3, round(max(height, width) * 0.012))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    hard = np.where(alpha > 127, 255, 0).astype(np.uint8)
    yield "eroded", cv2.erode(hard, disc)
    yield "dilated", cv2.dilate(hard, disc)
    yield "blurred", cv2.GaussianBlur(alpha, (0, 0), radius)
    blocks = cv2.resize(hard, (width // 16, height // 16), interpolation=cv2.INTER_AREA)
    blocks = np.where(blocks > 127, 255, 0).astype(np.uint8)
    yield "quantised", cv2.resize(blocks, (width, height), interpolation=cv2.INTER_NEAREST)


def rows() -> Iterator[Row]:
    before: dict[str, list[float]] = {}
    after: dict[str, list[float]] = {}
    photos = labelled.photos("alphamatting27", "train") + labelled.photos("alphamatting27", "val")  # nothing is trained on it
    for photo in photos:
        truth = photo.mask / np.float32(255)
        for name, mask in coarse(photo.mask):
            refined = refine_mask(photo.image, mask).elements[0].alpha
            before.setdefault(name, []).append(mean_absolute_error(mask / np.float32(255), truth))
            after.setdefault(name, []).append(mean_absolute_error(refined / np.float32(255), truth))
    for name in before:
        ratio = float(np.sum(after[name]) / np.sum(before[name]))
        yield Row("RefineMask", f"alpha set, {name}", "MAE refined / coarse", None, None, ratio, len(photos), True)
    ratio = float(np.sum(list(after.values())) / np.sum(list(before.values())))
    yield Row("RefineMask", "alpha set, all four", "MAE refined / coarse", 0.6, 0.4, ratio, len(photos), True)
