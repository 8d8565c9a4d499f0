"""SegmentHair."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.people import HAIR, SKIN, cases, pooled, row, score, tones, wrong
from benchmarks.quality.table import Row
from koutu.actions.segment_hair import segment_hair


def rows() -> Iterator[Row]:
    scores = score(segment_hair, cases("figaro1k_hair", (255,)))
    yield row("SegmentHair", "Figaro", 0.87, 0.93, scores)
    yield pooled("SegmentHair", "Figaro", scores)
    scores = score(segment_hair, cases("celebamask_ce7454", HAIR, skin=SKIN))
    yield row("SegmentHair", "CelebAMask", 0.91, 0.95, scores)
    # Without labelled hair one wrong pixel makes an IoU of 0: these photos say more apart.
    labelled = [entry for entry, case in zip(scores, cases("celebamask_ce7454", HAIR), strict=True) if case.truth.any()]
    yield row("SegmentHair", "CelebAMask, hair labelled", None, None, labelled)
    yield pooled("SegmentHair", "CelebAMask", scores)
    yield from tones("SegmentHair", "CelebAMask", scores)
    yield wrong("SegmentHair", segment_hair)
