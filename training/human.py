"""Train the human parser: skin, hair and groups of garments of whole people, in photos with one person or many.

Run ``python -m training.human``; see training/README.md for what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.common import augment
from training.common.augment import View
from training.common.command import network, options
from training.common.datasets import pairs
from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.human_labels import BAG, CCP, CLASSES, HAIR, HAT, OTHER, SKIN, table_of

SIZE = 256
PERSON, NOT_HAIR, GARMENT, UNKNOWN, CARRIED = 11, 12, 13, 14, 15
_CODES = [
    *([index] for index in range(11)),
    [1, 2, 3, 4, 5, 6, 7, 9, 10],
    [index for index in range(11) if index != HAIR],
    [4, 5, 6, 7, 10],
    list(range(11)),
    [0, BAG],
]
OUTPUT = Path("src/koutu/models/weights/human_parser.onnx")


_CELEBA = table_of(
    {0: (0,), SKIN: (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17), OTHER: (3, 15, 16), HAIR: (13,), HAT: (14,), GARMENT: (18,)},
    UNKNOWN,
)
_FIGARO = table_of({NOT_HAIR: (0,), HAIR: (255,)}, UNKNOWN)
_VOC = table_of({PERSON: (15,), UNKNOWN: (255,)}, 0)
_COCO = table_of({PERSON: (1,), UNKNOWN: (0, 32), CARRIED: (27, 31, 33)}, 0)
_TINY_COCO = table_of({PERSON: (1,), UNKNOWN: (255, 32), CARRIED: (27, 31, 33)}, 0)
_NOBODY = table_of({}, 0)
# set, its codes, and the range of its photos' longer side in window pixels
_SETS = (
    ("ccp", "ccp_clothing", CCP, (230.0, 430.0)),
    ("celeba", "celebamask_ce7454", _CELEBA, (130.0, 300.0)),
    ("figaro", "figaro1k_hair", _FIGARO, (170.0, 360.0)),
    ("people", "voc_official", _VOC, (260.0, 480.0)),
    ("people", "voc_sbd", _VOC, (260.0, 440.0)),
    ("people", "coco_panoptic200", _COCO, (260.0, 480.0)),
    ("people", "tiny_coco100", _TINY_COCO, (260.0, 480.0)),
    ("none", "oxford_pets370", _NOBODY, (240.0, 420.0)),
)
_SHARES = {"ccp": 0.58, "celeba": 0.06, "figaro": 0.14, "people": 0.16, "none": 0.06}


@dataclass(frozen=True)
class Item:
    """A photo in memory with its codes, a point to look at, and its longer side's range in window pixels."""

    photo: NDArray[np.uint8]
    codes: NDArray[np.uint8]
    subject: NDArray[np.intp]  # (2, n): rows and columns of some of the subject's pixels
    least: float
    most: float


def load(split: str) -> dict[str, list[Item]]:
    """All items of a split; photos of VOC and COCO without people go to "none"."""
    found: dict[str, list[Item]] = {name: [] for name in _SHARES}
    for name, dataset, table, (least, most) in _SETS:
        for pair in pairs(dataset, split):
            photo, ids = pair.read()
            codes = table[ids]
            subject = np.stack(np.nonzero((codes > 0) & (codes != UNKNOWN) & (codes != NOT_HAIR) & (codes != CARRIED)))
            kind = "none" if name == "people" and subject.shape[1] < 0.002 * ids.size else name
            found[kind].append(Item(photo, codes, subject[:, :: max(1, subject.shape[1] // 500)], least, most))
    return found


class Sampler:
    """Draws augmented windows from the mixture of sets."""

    def __init__(self, items: dict[str, list[Item]]) -> None:
        self.items = items
        self.names = list(_SHARES)
        self.shares = list(_SHARES.values())

    def __call__(self, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """One window and its codes."""
        chosen = self.items[self.names[int(rng.choice(len(self.names), p=self.shares))]]
        item = chosen[int(rng.integers(len(chosen)))]
        height, width = item.photo.shape[:2]
        target = float(np.exp(rng.uniform(np.log(item.least), np.log(item.most))))
        side = SIZE * max(height, width) / target
        # The window lies over the photo where it can, and looks at the subject where it cannot show everything.
        x, y = width / 2, height / 2
        if item.subject.shape[1]:
            row, column = item.subject[:, int(rng.integers(item.subject.shape[1]))]
            reach_x, reach_y = max(0.0, (width - side) / 2), max(0.0, (height - side) / 2)
            x = float(np.clip(column, width / 2 - reach_x, width / 2 + reach_x))
            y = float(np.clip(row, height / 2 - reach_y, height / 2 + reach_y))
        shift = rng.normal(0, 0.06, 2) * side
        turn = float(rng.uniform(-35, 35) if rng.random() < 0.1 else rng.normal(0, 6))
        view = View(x + float(shift[0]), y + float(shift[1]), side, turn, bool(rng.random() < 0.5))
        photo, codes = augment.window(item.photo, item.codes, view, SIZE, UNKNOWN)
        photo = augment.recolour(photo, rng)
        if rng.random() < 0.08:
            photo, codes = augment.occlude(photo, codes, rng, 0)
        return augment.degrade(photo, rng), codes


def main() -> None:
    arguments = options(__doc__, Path("training/checkpoints/human.pt"), OUTPUT)
    net = network(len(CLASSES), arguments)
    items = load("train")
    print({name: len(members) for name, members in items.items()}, flush=True)
    recipe = Recipe(arguments.seconds, batch=16, rate=arguments.rate)
    net = train(net, Sampler(items), allowed_table(_CODES, len(CLASSES)), recipe, arguments.checkpoint)
    export(net, arguments.output)


if __name__ == "__main__":
    main()
