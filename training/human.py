"""Train the human parser: skin, hair and groups of garments of whole people, in photos with one person or many.

Run ``python -m training.human``; see training/README.md for what was tried.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.common import augment
from training.common.augment import View
from training.common.command import joining, load_weights, network, options
from training.common.datasets import pairs
from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.common.net import Segmenter
from training.human_labels import BAG, CCP, CLASSES, HAIR, HAT, OTHER, SKIN, table_of

SIZE = 320
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
_VOC_ANIMALS = (3, 8, 10, 12, 13, 17)
# set, its codes, and the range of its photos' longer side in window pixels
_SETS = (
    ("ccp", "ccp_clothing", CCP, (270.0, 460.0)),
    ("celeba", "celebamask_ce7454", _CELEBA, (160.0, 340.0)),
    ("figaro", "figaro1k_hair", _FIGARO, (200.0, 420.0)),
    ("people", "voc_official", _VOC, (300.0, 640.0)),
    ("people", "voc_sbd", _VOC, (280.0, 520.0)),
    ("people", "coco_panoptic200", _COCO, (300.0, 700.0)),
    ("people", "tiny_coco100", _TINY_COCO, (300.0, 700.0)),
    ("none", "oxford_pets370", _NOBODY, (280.0, 500.0)),
)


@dataclass(frozen=True)
class Round:
    """What a round of training looks at.

    Attributes:
        shares: how often each kind of photo is drawn.
        size: of a window in pixels; the photos' ranges grow with it.
        rare: how much more often than others rare garments are drawn, as a share of `_weight`'s.
        faults: whether cameras' faults and covers are put on.
        dice, average: as for `Recipe`.
    """

    shares: dict[str, float]
    size: int = SIZE
    rare: float = 1.0
    faults: bool = True
    dice: float = 0.7
    average: float = 0.996


_EVERYTHING = Round({"ccp": 0.47, "celeba": 0.06, "figaro": 0.11, "people": 0.3, "none": 0.06})
_GARMENTS = Round({"ccp": 0.82, "celeba": 0.03, "figaro": 0.06, "people": 0.08, "none": 0.01}, 384, 0.25, False, 0.0, 0.99)


@dataclass(frozen=True)
class Item:
    """A photo in memory with its codes, a point to look at, and its longer side's range in window pixels."""

    photo: NDArray[np.uint8]
    codes: NDArray[np.uint8]
    subject: NDArray[np.intp]  # (2, n): rows and columns of some of the subject's pixels
    least: float
    most: float
    weight: float  # how often it is drawn, against others of its set


def _points(codes: NDArray[np.uint8], wanted: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows and columns of some wanted pixels, as many of each code: small garments are looked at as often as large ones."""
    found = []
    for code in np.unique(codes[wanted]):
        places = np.stack(np.nonzero(wanted & (codes == code)))
        found.append(places[:, :: max(1, places.shape[1] // 100)])
    return np.concatenate(found, axis=1) if found else np.zeros((2, 0), np.intp)


def load(split: str) -> dict[str, list[Item]]:
    """All items of a split; photos of VOC and COCO without people go to "none"."""
    found: dict[str, list[Item]] = {name: [] for name in _EVERYTHING.shares}
    for name, dataset, table, (least, most) in _SETS:
        for pair in pairs(dataset, split):
            photo, ids = pair.read()
            codes = table[ids]
            wanted = (codes > 0) & (codes != UNKNOWN) & (codes != NOT_HAIR) & (codes != CARRIED)
            kind = "none" if name == "people" and wanted.mean() < 0.002 else name
            found[kind].append(Item(photo, codes, _points(codes, wanted), least, most, _weight(name, codes, ids)))
    return found


def _weight(name: str, codes: NDArray[np.uint8], ids: NDArray[np.uint8]) -> float:
    """Hats and bags are rare, and people with animals are where bodies go wrong."""
    if name == "ccp":
        return 5.0 if (codes == HAT).mean() > 0.0005 else 2.0 if (codes == BAG).mean() > 0.003 else 1.0
    if name == "celeba":
        return 4.0 if (codes == HAT).mean() > 0.005 else 1.0
    with_animals = name == "people" and bool(np.isin(ids, _VOC_ANIMALS).any()) and bool((codes == PERSON).any())
    return 2.0 if with_animals else 1.0


class Sampler:
    """Draws augmented windows from the mixture of sets, as a round asks."""

    def __init__(self, items: dict[str, list[Item]], of: Round) -> None:
        self.items = items
        self.names = list(of.shares)
        self.shares = list(of.shares.values())
        self.size, self.faults = of.size, of.faults
        self.weights = {
            name: 1 + of.rare * (np.array([item.weight for item in members]) - 1) for name, members in items.items()
        }

    def __call__(self, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """One window and its codes."""
        name = self.names[int(rng.choice(len(self.names), p=self.shares))]
        weights = self.weights[name]
        item = self.items[name][int(rng.choice(len(weights), p=weights / weights.sum()))]
        height, width = item.photo.shape[:2]
        target = float(np.exp(rng.uniform(np.log(item.least), np.log(item.most))))  # of a window of SIZE
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
        photo, codes = augment.window(item.photo, item.codes, view, self.size, UNKNOWN)
        photo = augment.recolour(photo, rng)
        if not self.faults:
            return photo, codes
        if rng.random() < 0.04:
            photo, codes = augment.occlude(photo, codes, rng, 0)
        return augment.degrade(photo, rng), codes


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--garments", action="store_true", help="a round of whole people, larger, and hardly anything else")
    joining(parser)


def main() -> None:
    arguments = options(__doc__, Path("training/checkpoints/human.pt"), OUTPUT, more=_more)
    net = network(len(CLASSES), arguments)
    joined = load_weights(net, arguments)
    if not joined:
        net = _trained(net, arguments)
    export(net, arguments.output)


def _trained(net: Segmenter, arguments: argparse.Namespace) -> Segmenter:
    items = load("train")
    print({name: len(members) for name, members in items.items()}, flush=True)
    chosen = _GARMENTS if arguments.garments else _EVERYTHING
    recipe = Recipe(
        arguments.seconds,
        12,
        arguments.rate,
        dice=chosen.dice,
        average=chosen.average,
        threads=arguments.threads,
        seed=arguments.seed,
    )
    return train(net, Sampler(items, chosen), allowed_table(_CODES, len(CLASSES)), recipe, arguments.checkpoint)


if __name__ == "__main__":
    main()
