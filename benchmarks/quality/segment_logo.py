"""SegmentLogo: composites of validation logos, and photos on which there is none."""

from __future__ import annotations

import random
from collections.abc import Iterator

from training.things import labelled
from training.things.logo_data import composite

from benchmarks.quality.answers import union
from benchmarks.quality.metrics import iou, mean
from benchmarks.quality.table import Row
from koutu.actions.segment_logo import segment_logo

_COUNT = 40
_WITHOUT = ("stanford_background", "furniture_roboflow", "kuih")  # not pets: their photographers sign
_EACH = 12
_BARS = {"flat": (0.97, 0.99), "gradient": (None, None), "texture": (None, None), "photo": (0.78, 0.92)}


def rows() -> Iterator[Row]:
    for kind, (bar, aim) in _BARS.items():
        rng = random.Random(1)
        scores = []
        for _ in range(_COUNT):
            image, alpha = composite(kind, 384, 512, "val", rng)
            scores.append(iou(union(segment_logo, image), alpha > 127))
        yield Row("SegmentLogo", f"composites, {kind} background", "IoU, mean", bar, aim, mean(scores), _COUNT)
    wrong = [float(union(segment_logo, p.image).any()) for name in _WITHOUT for p in labelled.photos(name, "val")[:_EACH]]
    yield Row("SegmentLogo", "photos without a logo", "wrong answers", 0.1, 0.03, mean(wrong), len(wrong), True)
