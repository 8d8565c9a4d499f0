"""SegmentAnimal."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.group_photos import false_answers, ious
from benchmarks.quality.metrics import mean
from benchmarks.quality.table import Row
from koutu.actions.segment_animal import segment_animal


def rows() -> Iterator[Row]:
    for name, bar, aim, sets in (
        ("pets", 0.92, 0.96, ("oxford_pets370",)),
        ("VOC", 0.86, 0.93, ("voc_official",)),
        ("COCO animals", 0.78, 0.88, ("coco_panoptic200", "tiny_coco100")),
        ("feral cats", None, None, ("feral_cats",)),
    ):
        scores = ious(segment_animal, "animal", *sets)
        yield Row("SegmentAnimal", name, "IoU, mean", bar, aim, mean(scores), len(scores))
    wrong = false_answers(segment_animal, "animal")
    yield Row("SegmentAnimal", "photos without animals", "wrong answers", 0.1, 0.03, mean(wrong), len(wrong), True)
