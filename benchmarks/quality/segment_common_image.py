"""SegmentCommonImage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from training.things import labelled

from benchmarks.quality.metrics import mean, mean_absolute_error
from benchmarks.quality.table import Row
from koutu.actions.segment_common_image import segment_common_image


def rows() -> Iterator[Row]:
    photos = labelled.photos("alphamatting27", "train") + labelled.photos("alphamatting27", "val")  # nothing is trained on it
    errors = []
    for photo in photos:
        alpha = segment_common_image(photo.image).elements[0].alpha
        errors.append(mean_absolute_error(alpha / np.float32(255), photo.mask / np.float32(255)))
    average = mean(errors)
    yield Row("SegmentCommonImage", "alpha set, no trimap", "mean absolute error", 0.06, 0.03, average, len(errors), True)
