"""SegmentCloth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from training.common.datasets import pairs
from training.human_labels import CCP, CLASSES

from benchmarks.quality.metrics import iou, mean
from benchmarks.quality.people import wrong
from benchmarks.quality.table import Row
from koutu.actions.segment_cloth import segment_cloth

_GROUPS = ("tops", "coat", "skirt", "pants", "bag", "shoes", "hat")
_SCORED = _GROUPS[:6]
_NO_GARMENT = (0, 19, 41)


def rows() -> Iterator[Row]:
    """Groups are scored over all photos together: a garment taken for another group costs both of them."""
    together = []
    inside = dict.fromkeys(_GROUPS, 0)
    either = dict.fromkeys(_GROUPS, 0)
    for pair in pairs("ccp_clothing", "val"):
        photo, labels = pair.read()
        found = {element.name: element.alpha > 127 for element in segment_cloth(photo).elements}
        nothing = np.zeros(labels.shape, bool)
        everything = np.logical_or.reduce(list(found.values())) if found else nothing
        together.append(iou(everything, ~np.isin(labels, _NO_GARMENT)))
        codes = CCP[labels]
        for name in _GROUPS:
            mine, truth = found.get(name, nothing), codes == CLASSES.index(name)
            inside[name] += int((mine & truth).sum())
            either[name] += int((mine | truth).sum())
    yield Row("SegmentCloth", "CCP", "garments together, IoU, mean", 0.9, 0.94, mean(together), len(together))
    values = {name: inside[name] / max(1, either[name]) for name in _GROUPS}
    scored = mean([values[name] for name in _SCORED])
    yield Row("SegmentCloth", "CCP", "mean IoU of six groups", 0.65, 0.78, scored, len(together))
    for name in _GROUPS:
        yield Row("SegmentCloth", "CCP", f"IoU of {name}", None, None, values[name], len(together))
    yield wrong("SegmentCloth", segment_cloth)
