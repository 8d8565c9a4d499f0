"""The labelled sets of things and places as arrays in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.common import datasets

_CAMVID = re.compile(r"(train|val|test)_\d{4}\w+_f?\d{5,6}")


@dataclass(frozen=True)
class Photo:
    """A labelled photo in memory: image uint8 RGB (H, W, 3), mask uint8 labels (H, W)."""

    dataset: str
    stem: str
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]


def is_validation(stem: str) -> bool:
    """The common split, but CamVid's neighbouring frames, which are near duplicates, stay together."""
    return datasets.is_validation(stem[:-3] if _CAMVID.fullmatch(stem) else stem)


@cache
def photos(dataset: str, split: str) -> list[Photo]:
    """All labelled photos of a set, sorted by stem; split: "train" or "val"."""
    chosen = [pair for pair in datasets.pairs(dataset) if is_validation(pair.stem) == (split == "val")]
    found = []
    for pair in datasets.thinned(chosen) if split == "val" else chosen:
        image = np.array(Image.open(pair.image).convert("RGB"))
        mask = np.array(Image.open(pair.mask))
        found.append(Photo(dataset, pair.stem, image, (mask if mask.ndim == 2 else mask[..., 0]).astype(np.uint8)))
    return found


def instances(dataset: str, stem: str) -> NDArray[np.uint8]:
    """Instance numbers of sets that have them (feral_cats, tiny_coco100): uint8 (H, W), 0 = none, 255 = crowd."""
    return np.array(Image.open(datasets.root() / dataset / "instances" / f"{stem}.png"))


@cache
def cutouts() -> dict[str, list[NDArray[np.uint8]]]:
    """tux_cutouts by kind (flower, animal, vehicle, thing), RGBA; in-house training only, never shipped."""
    found: dict[str, list[NDArray[np.uint8]]] = {"flower": [], "animal": [], "vehicle": [], "thing": []}
    for path in sorted((datasets.root() / "tux_cutouts" / "rgba").glob("*.png")):
        kind = "thing"
        if path.stem.startswith("plants__flowers"):
            kind = "flower"
        elif path.stem.startswith("animals") and "toys" not in path.stem:
            kind = "animal"
        elif path.stem.startswith("vehicles"):
            kind = "vehicle"
        found[kind].append(np.array(Image.open(path).convert("RGBA")))
    return found
