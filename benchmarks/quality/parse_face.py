"""ParseFace."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from training.common.celebamask import swapped, with_true_sides
from training.common.datasets import labels as names_of
from training.common.datasets import pairs

from benchmarks.quality.metrics import mean
from benchmarks.quality.people import wrong
from benchmarks.quality.table import Row
from koutu.actions.parse_face import ORDER, parse_face
from koutu.errors import Unsuitable

_SET = "celebamask_ce7454"


def rows() -> Iterator[Row]:
    """F1 of each part over all photos together; a refused photo counts as one where nothing was found.

    Some photos' labels call the left eye, brow and ear right (training.common.celebamask); the figures are against labels put
    right, and the mean is also given against the labels as they are.
    """
    ids = {name: index for index, name in names_of(_SET).items()}
    sides, raw = _Counts(), _Counts()
    refused = turned = photos = 0
    for pair in pairs(_SET, "val"):
        photo, labels = pair.read()
        photos += 1
        turned += swapped(labels)
        try:
            found = {element.name: element.alpha > 127 for element in parse_face(photo).elements}
        except Unsuitable:
            found = {}
            refused += 1
        for counts, truth in ((sides, with_true_sides(labels)), (raw, labels)):
            for name in ORDER:
                counts.add(name, found.get(name, np.zeros(labels.shape, np.bool_)), truth == ids[name])
    yield Row("ParseFace", "CelebAMask", "mean F1 of 11 parts", 0.85, 0.9, sides.mean(), photos)
    for name in ORDER:
        yield Row("ParseFace", "CelebAMask", f"F1 of {name}", None, None, sides.f1(name), photos)
    yield Row("ParseFace", "CelebAMask, labels as they are", "mean F1 of 11 parts", None, None, raw.mean(), photos)
    yield Row("ParseFace", "CelebAMask", "share of labels with swapped sides", None, None, turned / photos, photos, True)
    yield Row("ParseFace", "CelebAMask", "share of photos refused", None, None, refused / photos, photos, True)
    yield wrong("ParseFace", parse_face)


class _Counts:
    """Pixels of each part over photos: found rightly, found, labelled."""

    def __init__(self) -> None:
        self._pixels = {name: np.zeros(3, np.int64) for name in ORDER}

    def add(self, name: str, mine: NDArray[np.bool_], truth: NDArray[np.bool_]) -> None:
        self._pixels[name] += (int((mine & truth).sum()), int(mine.sum()), int(truth.sum()))

    def f1(self, name: str) -> float:
        right, mine, truth = self._pixels[name].tolist()
        return 2 * right / max(1, mine + truth)

    def mean(self) -> float:
        return mean([self.f1(name) for name in ORDER])
