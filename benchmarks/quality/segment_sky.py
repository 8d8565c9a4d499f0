"""SegmentSky."""

from __future__ import annotations

from collections.abc import Iterator

from training.things import labelled
from training.things.scene_labels import BIT, TABLES

from benchmarks.quality.answers import union
from benchmarks.quality.metrics import mean, overlap, ratio
from benchmarks.quality.table import Row
from koutu.actions.segment_sky import segment_sky

LEAST = 0.05
_SETS = (
    ("Stanford", "stanford_background", 0.93, 0.96),
    ("CamVid", "camvid", 0.93, 0.96),
    ("COCO", "coco_panoptic200", 0.85, 0.93),
)


def rows() -> Iterator[Row]:
    wrong = []
    for name, dataset, bar, aim in _SETS:
        counts = []
        for photo in labelled.photos(dataset, "val"):
            bits = TABLES[dataset][photo.mask]
            truth, known = bits == BIT["sky"], bits > 0
            found = union(segment_sky, photo.image)
            if truth.mean() > LEAST:
                counts.append(overlap(found, truth, known))
            elif not ((bits & BIT["sky"]) > 0).any() and known.mean() > 0.9:
                wrong.append(float(found.mean() > 0.01))
        average = mean([ratio(*pair) for pair in counts])
        yield Row("SegmentSky", name, "IoU, mean", bar, aim, average, len(counts))
        pooled = ratio(sum(inside for inside, _ in counts), sum(around for _, around in counts))
        yield Row("SegmentSky", name, "IoU, pooled", None, None, pooled, len(counts))
    yield Row("SegmentSky", "photos without sky", "wrong answers", 0.1, 0.03, mean(wrong), len(wrong), True)
