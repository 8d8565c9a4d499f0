"""SegmentHead."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.people import HEAD, SKIN, cases, pooled, row, score, tones, wrong
from benchmarks.quality.table import Row
from koutu.actions.segment_head import segment_head


def rows() -> Iterator[Row]:
    scores = score(segment_head, cases("celebamask_ce7454", HEAD, skin=SKIN))
    yield row("SegmentHead", "CelebAMask", 0.93, 0.96, scores)
    yield pooled("SegmentHead", "CelebAMask", scores)
    yield from tones("SegmentHead", "CelebAMask", scores)
    yield wrong("SegmentHead", segment_head)
