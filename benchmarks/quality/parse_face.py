"""ParseFace."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from training.common.datasets import labels as names_of
from training.common.datasets import pairs

from benchmarks.quality.table import Row
from koutu.actions.parse_face import ORDER, parse_face
from koutu.errors import Unsuitable

_SET = "celebamask_ce7454"


def rows() -> Iterator[Row]:
    """F1 of each part over all photos together; a refused photo counts as one where nothing was found."""
    ids = {name: index for index, name in names_of(_SET).items()}
    right, mine_total, truth_total = (dict.fromkeys(ORDER, 0) for _ in range(3))
    refused = photos = 0
    for pair in pairs(_SET, "val"):
        photo, labels = pair.read()
        photos += 1
        try:
            found = {element.name: element.alpha > 127 for element in parse_face(photo).elements}
        except Unsuitable:
            found = {}
            refused += 1
        for name in ORDER:
            mine, truth = found.get(name, np.zeros(labels.shape, bool)), labels == ids[name]
            right[name] += int((mine & truth).sum())
            mine_total[name] += int(mine.sum())
            truth_total[name] += int(truth.sum())
    values = {name: 2 * right[name] / max(1, mine_total[name] + truth_total[name]) for name in ORDER}
    yield Row("ParseFace", "CelebAMask", "mean F1 of 11 parts", 0.85, 0.9, float(np.mean(list(values.values()))), photos)
    for name in ORDER:
        yield Row("ParseFace", "CelebAMask", f"F1 of {name}", None, None, values[name], photos)
    yield Row("ParseFace", "CelebAMask", "share of photos refused", None, None, refused / photos, photos, True)
