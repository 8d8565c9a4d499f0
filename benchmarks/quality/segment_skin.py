"""SegmentSkin."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.people import SKIN, cases, pooled, row, score, tones, wrong
from benchmarks.quality.table import Row
from koutu.actions.segment_skin import segment_skin

_CCP_SKIN = (41,)


def rows() -> Iterator[Row]:
    scores = score(segment_skin, cases("celebamask_ce7454", SKIN, skin=SKIN))
    yield row("SegmentSkin", "CelebAMask", 0.92, 0.95, scores)
    yield pooled("SegmentSkin", "CelebAMask", scores)
    yield from tones("SegmentSkin", "CelebAMask", scores)
    scores = score(segment_skin, cases("ccp_clothing", _CCP_SKIN, skin=_CCP_SKIN))
    yield row("SegmentSkin", "CCP", 0.7, 0.8, scores)
    yield pooled("SegmentSkin", "CCP", scores)
    yield from tones("SegmentSkin", "CCP", scores)
    yield wrong("SegmentSkin", segment_skin)
