"""SegmentScene."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from training.things import labelled
from training.things.scene_labels import CONTRACT, TABLES, contract_bits

from benchmarks.quality.metrics import class_iou, mean
from benchmarks.quality.table import Row
from koutu.actions.segment_scene import segment_scene

_SEVEN = ("sky", "building", "structure", "ground", "tree", "vehicle", "person")


def rows() -> Iterator[Row]:
    for name, dataset, bar, aim in (
        ("Stanford", "stanford_background", 0.91, 0.94),
        ("CamVid", "camvid", None, None),
        ("COCO", "coco_panoptic200", None, None),
    ):
        right = known = 0
        alone = np.zeros(2, np.int64)  # right and known where the label stands for one class
        totals = np.zeros((2, len(CONTRACT)))
        photos = labelled.photos(dataset, "val")
        for photo in photos:
            labels = segment_scene(photo.image).labels
            assert labels is not None
            bits = contract_bits(TABLES[dataset][photo.mask]).astype(np.int64)
            right += int(((bits >> labels) & 1).sum())
            known += int((bits > 0).sum())
            single = (bits > 0) & (bits & (bits - 1) == 0)
            alone += int((((bits >> labels) & 1) & single).sum()), int(single.sum())
            truth = np.where(single, np.log2(np.maximum(bits, 1)).astype(np.int64), -1)
            totals += class_iou(labels.astype(np.int64), truth, len(CONTRACT))
        yield Row("SegmentScene", name, "pixel accuracy", bar, aim, right / known, len(photos))
        share = float(alone[0] / alone[1])
        yield Row("SegmentScene", f"{name}, labels of one class", "pixel accuracy", None, None, share, len(photos))
        shares = {c: totals[0, i] / totals[1, i] for i, c in enumerate(CONTRACT) if totals[1, i] and totals[0, i]}
        if dataset == "camvid":
            average = mean([shares.get(c, 0.0) for c in _SEVEN])
            yield Row("SegmentScene", name, "mean IoU of 7 classes", 0.70, 0.80, average, len(photos))
        for c, value in shares.items():
            yield Row("SegmentScene", name, f"IoU of {c}", None, None, value, len(photos))
