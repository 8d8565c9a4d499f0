"""SegmentVehicle."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.group_photos import false_answers, ious
from benchmarks.quality.metrics import mean
from benchmarks.quality.table import Row
from koutu.actions.segment_vehicle import segment_vehicle


def rows() -> Iterator[Row]:
    for name, bar, aim, sets in (
        ("COCO vehicles", 0.72, 0.87, ("coco_panoptic200", "tiny_coco100")),
        ("VOC", None, None, ("voc_official",)),
    ):
        scores = ious(segment_vehicle, "vehicle", *sets)
        yield Row("SegmentVehicle", name, "IoU, mean", bar, aim, mean(scores), len(scores))
    wrong = false_answers(segment_vehicle, "vehicle")
    yield Row("SegmentVehicle", "photos without vehicles", "wrong answers", 0.1, 0.03, mean(wrong), len(wrong), True)
