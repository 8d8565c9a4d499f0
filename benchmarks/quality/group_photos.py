"""Photos with the pixels of one group (animal, vehicle, food, furniture), and photos that surely have none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from training.things import labelled
from training.things.groups import COMPLETE, IGNORED, LABELS, UNSURE

from benchmarks.quality.answers import Action, union
from benchmarks.quality.metrics import iou

LEAST = 0.01  # a photo counts when the group covers so much of it


def ious(action: Action, group: str, *datasets: str) -> list[float]:
    """IoU of all of the group together, for each validation photo of the sets that shows it."""
    scores = []
    for dataset in datasets:
        for photo in labelled.photos(dataset, "val"):
            truth = np.isin(photo.mask, [label for label, g in LABELS[dataset].items() if g == group])
            if truth.mean() >= LEAST:
                known = ~np.isin(photo.mask, (*IGNORED.get(dataset, ()), *UNSURE.get(dataset, {}).get(group, ())))
                scores.append(iou(union(action, photo.image), truth, known))
    return scores


def without(group: str) -> Iterator[NDArray[np.uint8]]:
    """Validation photos whose labels say that the group is not there."""
    for dataset, complete in COMPLETE.items():
        if group not in complete:
            continue
        possible = [label for label, g in LABELS.get(dataset, {}).items() if g == group]
        possible += UNSURE.get(dataset, {}).get(group, ())
        for photo in labelled.photos(dataset, "val")[:20]:
            if not np.isin(photo.mask, possible).any():
                yield photo.image


def false_answers(action: Action, group: str) -> list[float]:
    """1 for each photo without the group in which the action still finds something, 0 for the others."""
    return [float(union(action, image).mean() > 0.001) for image in without(group)]
