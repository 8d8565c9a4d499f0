"""SegmentFace."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.people import FACE, SKIN, cases, pooled, row, score, tones, wrong
from benchmarks.quality.table import Row
from koutu.actions.segment_face import segment_face


def rows() -> Iterator[Row]:
    scores = score(segment_face, cases("celebamask_ce7454", FACE, skin=SKIN))
    yield row("SegmentFace", "CelebAMask", 0.92, 0.95, scores)
    yield pooled("SegmentFace", "CelebAMask", scores)
    yield from tones("SegmentFace", "CelebAMask", scores)
    yield wrong("SegmentFace", segment_face)
