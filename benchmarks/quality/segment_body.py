"""SegmentBody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from benchmarks.quality.people import cases, row, score
from benchmarks.quality.table import Row
from koutu.actions.segment_body import segment_body

_ANYTHING = tuple(range(1, 59))
_LEAST = 0.02


def rows() -> Iterator[Row]:
    yield row("SegmentBody", "CCP", 0.95, 0.975, score(segment_body, cases("ccp_clothing", _ANYTHING)))
    voc = chain.from_iterable(cases(name, (15,), (255,), least=_LEAST) for name in ("voc_official", "voc_sbd"))
    yield row("SegmentBody", "VOC people", 0.8, 0.9, score(segment_body, voc))
    coco = chain(cases("coco_panoptic200", (1,), (0,), least=_LEAST), cases("tiny_coco100", (1,), (255,), least=_LEAST))
    yield row("SegmentBody", "COCO people", 0.8, 0.9, score(segment_body, coco))
