"""Labelled sets: where they are, which pairs they hold, and the fixed train / validation split."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_DEFAULT = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
VALIDATION_SHARE = 0.15
_thinning = 1


@dataclass(frozen=True)
class Pair:
    """One labelled photo: ``image`` and ``mask`` share ``stem``."""

    dataset: str
    stem: str
    image: Path
    mask: Path

    def read(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the photo (H, W, 3) uint8 RGB and its label ids (H, W) uint8."""
        photo = cv2.imread(str(self.image), cv2.IMREAD_COLOR)
        if photo is None:
            raise FileNotFoundError(f"{self.image} cannot be read")
        # Pillow leaves palette images as ids; OpenCV would turn them into colours.
        labels = np.asarray(Image.open(self.mask))
        if photo.shape[:2] != labels.shape:
            raise ValueError(f"{self.image}: photo {photo.shape[:2]} and labels {labels.shape} differ in size")
        return cv2.cvtColor(photo, cv2.COLOR_BGR2RGB).astype(np.uint8), labels.astype(np.uint8)


def root() -> Path:
    """The folder of labelled sets: ``KOUTU_DEV_DATA``, or the one beside the repository."""
    return Path(os.environ.get("KOUTU_DEV_DATA", str(_DEFAULT))).resolve()


def is_validation(stem: str) -> bool:
    """Whether a photo belongs to the validation split: a stable hash of its stem alone, about 15 %."""
    digest = hashlib.sha256(stem.encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < VALIDATION_SHARE


def pairs(dataset: str, split: str = "all") -> list[Pair]:
    """All pairs of a set, sorted by stem.

    split: "train", "val" or "all".
    """
    folder = root() / dataset
    masks = {path.stem: path for path in (folder / "masks").glob("*.png")}
    found = [
        Pair(dataset, image.stem, image, masks[image.stem])
        for image in sorted((folder / "images").iterdir())
        if image.stem in masks
    ]
    if not found:
        raise FileNotFoundError(f"no labelled pairs in {folder}; set KOUTU_DEV_DATA to the folder of labelled sets")
    if split == "all":
        return found
    chosen = [pair for pair in found if is_validation(pair.stem) == (split == "val")]
    return thinned(chosen) if split == "val" else chosen


def thinned(photos: list[Pair]) -> list[Pair]:
    """Those of a validation split's photos that `thin` leaves."""
    return photos[::_thinning]


def thin(every: int) -> None:
    """From now on the validation split is every so many-th of its photos alone: figures that are sooner there."""
    global _thinning
    _thinning = every


def labels(dataset: str) -> dict[int, str]:
    """The names of a set's label ids, from its ``labels.json``."""
    with (root() / dataset / "labels.json").open(encoding="utf-8") as file:
        return {int(key): str(name) for key, name in json.load(file).items()}
