"""SegmentFurniture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from training.things import labelled

from benchmarks.quality.group_photos import false_answers, ious
from benchmarks.quality.metrics import iou, mean
from benchmarks.quality.table import Row
from koutu.actions.segment_furniture import segment_furniture


def rows() -> Iterator[Row]:
    best = []
    for photo in labelled.photos("furniture_roboflow", "val"):
        truth = photo.mask > 0
        scores = [0.0]
        for e in segment_furniture(photo.image).elements:
            mask = np.zeros(truth.shape, bool)
            mask[e.y : e.y + e.height, e.x : e.x + e.width] = e.alpha > 127
            scores.append(iou(mask, truth))
        best.append(max(scores))
    yield Row("SegmentFurniture", "furniture set, best element", "IoU, mean", 0.84, 0.92, mean(best), len(best))
    scores = ious(segment_furniture, "furniture", "coco_panoptic200", "tiny_coco100")
    yield Row("SegmentFurniture", "COCO furniture", "IoU, mean", 0.5, 0.7, mean(scores), len(scores))
    wrong = false_answers(segment_furniture, "furniture")
    name = "photos without furniture"
    yield Row("SegmentFurniture", name, "wrong answers", 0.1, 0.03, mean(wrong), len(wrong), True)
