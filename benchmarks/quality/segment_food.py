"""SegmentFood."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.group_photos import false_answers, ious
from benchmarks.quality.metrics import mean
from benchmarks.quality.table import Row
from koutu.actions.segment_food import segment_food


def rows() -> Iterator[Row]:
    for name, bar, aim, sets in (
        ("COCO food", 0.68, 0.82, ("coco_panoptic200",)),
        ("kuih", 0.80, 0.92, ("kuih",)),
    ):
        scores = ious(segment_food, "food", *sets)
        yield Row("SegmentFood", name, "IoU, mean", bar, aim, mean(scores), len(scores))
    wrong = false_answers(segment_food, "food")
    yield Row("SegmentFood", "photos without food", "wrong answers", 0.1, 0.03, mean(wrong), len(wrong), True)
