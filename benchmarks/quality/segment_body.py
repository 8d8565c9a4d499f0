"""SegmentBody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from benchmarks.quality.people import Case, cases, row, score, wrong
from benchmarks.quality.table import Row
from koutu.actions.segment_body import segment_body

_ANYTHING = tuple(range(1, 59))
_LEAST = 0.02


def rows() -> Iterator[Row]:
    yield row("SegmentBody", "CCP", 0.95, 0.975, score(segment_body, cases("ccp_clothing", _ANYTHING)))
    yield row("SegmentBody", "VOC people", 0.8, 0.9, score(segment_body, _voc("val")))
    yield row("SegmentBody", "COCO people", 0.8, 0.9, score(segment_body, _coco("val")))
    yield wrong("SegmentBody", segment_body)
    # A dozen validation photos say little. The matting network, which decides most, saw none of either split.
    yield row("SegmentBody", "VOC people, both splits", None, None, score(segment_body, _voc("all")))
    yield row("SegmentBody", "COCO people, both splits", None, None, score(segment_body, _coco("all")))


def _voc(split: str) -> Iterator[Case]:
    sets = ("voc_official", "voc_sbd")
    return chain.from_iterable(cases(name, (15,), (255,), least=_LEAST, split=split) for name in sets)


def _coco(split: str) -> Iterator[Case]:
    sets = (("coco_panoptic200", 0), ("tiny_coco100", 255))
    return chain.from_iterable(cases(name, (1,), (unknown,), least=_LEAST, split=split) for name, unknown in sets)
