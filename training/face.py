"""Train the face parser: the 19 classes of CelebAMask on windows around detected faces.

Run ``python -m training.face``; see training/README.md for what was tried.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.detect_faces import detect_faces
from training.common import augment
from training.common.augment import View
from training.common.celebamask import with_true_sides
from training.common.command import joining, load_weights, network, options
from training.common.datasets import pairs
from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.common.net import Segmenter

CLASSES = (
    "background", "skin", "nose", "glasses", "l_eye", "r_eye", "l_brow", "r_brow", "l_ear", "r_ear",
    "mouth", "u_lip", "l_lip", "hair", "hat", "earring", "necklace", "neck", "cloth",
)  # fmt: skip
GLASSES, HAIR, HAT, CLOTH = 3, 13, 14, 18
ANY_SKIN, NOT_HAIR, UNKNOWN = 19, 20, 21
_CODES = [
    *([index] for index in range(19)),
    [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17],
    [index for index in range(19) if index != HAIR],
    list(range(19)),
]
_MIRRORED = np.arange(256, dtype=np.uint8)
_MIRRORED[[4, 5, 6, 7, 8, 9]] = [5, 4, 7, 6, 9, 8]
# Clothing Co-Parsing's ids, where they mean the same: glasses, earrings, necklace, hat, hair, skin; garments are cloth.
_CCP = np.full(256, CLOTH, np.uint8)
_CCP[[0, 1, 2, 15, 17, 18, 19, 20, 29, 33, 37, 41, 47]] = [
    0, UNKNOWN, UNKNOWN, 15, 3, UNKNOWN, HAIR, 14, 16, UNKNOWN, CLOTH, ANY_SKIN, 3,
]  # fmt: skip
OUTPUT = Path("src/koutu/models/weights/face_parser.onnx")


@dataclass(frozen=True)
class Round:
    """What a round of training looks at.

    Attributes:
        shares: how often each kind of photo is drawn.
        size: of a window in pixels.
        faces: how large a face is in it, from and to, in pixels.
        small_faces: the same for photos of whole people.
        dice: as for `Recipe`.
        covered: whether faces are covered by random shapes now and then.
    """

    shares: dict[str, float]
    size: int
    faces: tuple[float, float]
    small_faces: tuple[float, float] = (60.0, 130.0)
    dice: float = 0.7
    covered: bool = False


_ROUNDS = {
    "all": Round({"celeba": 0.72, "ccp": 0.08, "figaro": 0.16, "none": 0.04}, 288, (100.0, 212.0), (50.0, 110.0), covered=True),
    "near": Round({"celeba": 0.95, "ccp": 0.03, "none": 0.02}, 320, (190.0, 300.0), dice=0.5),
    "far": Round({"celeba": 0.74, "ccp": 0.05, "figaro": 0.18, "none": 0.03}, 288, (85.0, 150.0), dice=0.2),
}


@dataclass(frozen=True)
class Item:
    """A photo in memory with its codes and the window that frames its subject: centre and a reference length."""

    photo: NDArray[np.uint8]
    codes: NDArray[np.uint8]
    x: float
    y: float
    length: float
    least: float  # the reference length's range in window pixels
    most: float
    weight: float = 1.0  # how often it is drawn, against others of its set


def _celeba_weight(ids: NDArray[np.uint8]) -> float:
    """Hats, glasses and hardly any hair are rare, and where heads go wrong."""
    share = np.bincount(ids.ravel(), minlength=19) / ids.size
    return float(1 + 3 * (share[HAT] > 0.005) + (share[GLASSES] > 0.003) + (share[HAIR] < 0.05))


def load(split: str, of: Round) -> dict[str, list[Item]]:
    """All items of a split by set; photos without a detected face serve only where no face is needed."""
    found: dict[str, list[Item]] = {"celeba": [], "ccp": [], "figaro": [], "none": []}
    for name, dataset in (("celeba", "celebamask_ce7454"), ("ccp", "ccp_clothing")):
        for pair in pairs(dataset, split):
            photo, ids = pair.read()
            faces = detect_faces(photo, tile_threshold=None)
            if faces:
                x, y = faces[0].centre
                if name == "celeba":
                    ids = with_true_sides(ids)
                    item = Item(photo, ids, x, y, faces[0].size, *of.faces, _celeba_weight(ids))
                else:
                    codes = _CCP[ids]
                    item = Item(photo, codes, x, y, faces[0].size, *of.small_faces, 4.0 if (codes == HAT).any() else 1.0)
                found[name].append(item)
    for pair in pairs("figaro1k_hair", split):
        photo, ids = pair.read()
        rows, columns = np.nonzero(ids)
        codes = np.where(ids > 0, HAIR, NOT_HAIR).astype(np.uint8)
        length = float(np.sqrt(np.ptp(rows) * np.ptp(columns)))
        found["figaro"].append(Item(photo, codes, float(columns.mean()), float(rows.mean()), length, 70.0, 230.0))
    for pair in pairs("oxford_pets370", split):
        photo, _ = pair.read()
        height, width = photo.shape[:2]
        codes = np.zeros((height, width), np.uint8)
        found["none"].append(Item(photo, codes, width / 2, height / 2, float(min(height, width)), 100.0, 400.0))
    return found


class Sampler:
    """Draws augmented windows from the mixture of sets."""

    def __init__(self, items: dict[str, list[Item]], of: Round) -> None:
        self.items = items
        self.names = list(of.shares)
        self.shares = list(of.shares.values())
        self.size, self.covered = of.size, of.covered
        self.weights = {name: np.array([item.weight for item in members]) for name, members in items.items()}

    def __call__(self, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """One window and its codes."""
        name = self.names[int(rng.choice(len(self.names), p=self.shares))]
        weights = self.weights[name]
        item = self.items[name][int(rng.choice(len(weights), p=weights / weights.sum()))]
        target = float(np.exp(rng.uniform(np.log(item.least), np.log(item.most))))
        side = self.size * item.length / target
        turn = float(rng.uniform(-50, 50) if rng.random() < 0.1 else rng.normal(0, 6))
        flip = bool(rng.random() < 0.5)
        shift = rng.normal(0, 0.07, 2) * side
        view = View(item.x + float(shift[0]), item.y + float(shift[1]), side, turn, flip)
        photo, codes = augment.window(item.photo, item.codes, view, self.size, UNKNOWN)
        if flip:
            codes = _MIRRORED[codes]
        photo = augment.recolour(photo, rng)
        if self.covered and rng.random() < 0.06:
            photo, codes = augment.occlude(photo, codes, rng, 0)
        return augment.degrade(photo, rng), codes


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--round", choices=_ROUNDS, default="all", help="how large faces are: of all sizes, near, or far")
    joining(parser)


def main() -> None:
    arguments = options(__doc__, Path("training/checkpoints/face.pt"), OUTPUT, more=_more)
    net = network(len(CLASSES), arguments)
    joined = load_weights(net, arguments)
    if not joined:
        net = _trained(net, arguments)
    export(net, arguments.output)


def _trained(net: Segmenter, arguments: argparse.Namespace) -> Segmenter:
    chosen = _ROUNDS[arguments.round]
    items = load("train", chosen)
    print({name: len(members) for name, members in items.items()}, flush=True)
    recipe = Recipe(
        arguments.seconds, rate=arguments.rate, dice=chosen.dice, average=0.996, threads=arguments.threads, seed=arguments.seed
    )
    return train(net, Sampler(items, chosen), allowed_table(_CODES, len(CLASSES)), recipe, arguments.checkpoint)


if __name__ == "__main__":
    main()
