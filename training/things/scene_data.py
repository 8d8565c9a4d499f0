"""Training samples of the scene head: photos of all sets, cropped, flipped, recoloured, with pasted cutouts and snow."""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

from training.common.augment import STRIDE, recolour
from training.things import labelled
from training.things.scene_labels import CODE, CODE_OF, TABLES
from training.things.teachers import Teachers

SIZE = (256, 320)

# how often each set is drawn: the outdoor sets with every pixel labelled carry the training
SHARES = {
    "stanford_background": 0.42, "camvid": 0.18, "coco_panoptic200": 0.2, "tiny_coco100": 0.02, "voc_official": 0.1,
    "voc_sbd": 0.02, "flood_water": 0.01, "oxford_pets370": 0.01, "feral_cats": 0.005, "furniture_roboflow": 0.02,
    "kuih": 0.01, "ccp_clothing": 0.005,
}  # fmt: skip

# of surfaces alone: every pixel labelled
SURFACES = {"stanford_background": 0.5, "camvid": 0.2, "coco_panoptic200": 0.3}

# whose partial labels teachers may fill in: photos of places
_FILLED = ("stanford_background", "coco_panoptic200", "tiny_coco100", "voc_official", "voc_sbd")

_Photos = tuple[list[tuple[NDArray[np.uint8], NDArray[np.uint8]]], list[float]]


class SceneSamples:
    """Draws training samples.

    Args:
        shares: how often each set is drawn.
        made: also make rare classes: snow of grass, pasted flowers, animals and vehicles.
        teachers: fill in what partial labels of places leave open.
    """

    def __init__(self, shares: dict[str, float], *, made: bool = True, teachers: Teachers | None = None) -> None:
        self._shares, self._made, self._teachers = shares, made, teachers
        self._sets = {name: self._photos(name) for name in shares}

    def __call__(self, generator: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A random photo uint8 RGB (SIZE) and its codes at half the size, uint8 indices of scene_labels.CODES."""
        rng = random.Random(int(generator.integers(1 << 62)))
        name = rng.choices(list(self._shares), list(self._shares.values()))[0]
        image, mask = rng.choices(*self._sets[name])[0]
        image, mask = _crop(image, mask, SIZE, rng)
        if self._made and name in ("stanford_background", "coco_panoptic200") and rng.random() < 0.02:
            image, mask = _snow(image, mask, rng)
        if self._made and name != "camvid" and rng.random() < 0.05:
            image, mask = _paste(image, mask, labelled.cutouts(), rng)
        return recolour(image, generator), np.ascontiguousarray(mask[::STRIDE, ::STRIDE])

    def _photos(self, name: str) -> _Photos:
        """A set's training photos with their codes, and how often each is drawn."""
        found = []
        for photo in labelled.photos(name, "train"):
            bits = TABLES[name][photo.mask]
            if self._teachers is not None and name in _FILLED:
                bits = self._teachers.fill(photo.image, bits)
            found.append((photo.image, CODE_OF[bits]))
        return found, [1.3 if _rare(codes) else 1.0 for _, codes in found]


def _rare(mask: np.ndarray) -> bool:
    single = np.isin(mask, [CODE["flower"], CODE["snow"], CODE["water"], CODE["mountain_rock"]])
    return bool(single.mean() > 0.02) or bool(np.isin(mask, [CODE["food"], CODE["vehicle"]]).mean() > 0.05)


def _crop(image: np.ndarray, mask: np.ndarray, size: tuple[int, int], rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """A random window that covers 65 to 100 % of the photo's shorter way across, scaled to the wanted size."""
    high, wide = mask.shape
    scale = max(size[0] / high, size[1] / wide) / rng.uniform(0.65, 1.0)
    full = max(size[1], round(wide * scale)), max(size[0], round(high * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    top, left = rng.randint(0, full[1] - size[0]), rng.randint(0, full[0] - size[1])
    window = np.s_[top : top + size[0], left : left + size[1]]
    image, mask = (
        cv2.resize(image, full, interpolation=way)[window],
        cv2.resize(mask, full, interpolation=cv2.INTER_NEAREST)[window],
    )
    return (image[:, ::-1], mask[:, ::-1]) if rng.random() < 0.5 else (image, mask)


def _snow(image: np.ndarray, mask: np.ndarray, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """Grass and ground turned into snow: light, bluish, with the relief left in."""
    region = np.isin(mask, [CODE["grass"], CODE["ground"]])
    if region.mean() < 0.05:
        return image, mask
    grey = image.mean(axis=2)
    relief = grey - cv2.GaussianBlur(grey, (0, 0), 12)
    light = rng.uniform(185, 245) + relief * rng.uniform(0.3, 0.8)
    tint = np.array([rng.uniform(-14, 0), rng.uniform(-6, 0), rng.uniform(0, 8)])
    snow = np.clip(light[..., None] + tint, 0, 255)
    soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 1.0)[..., None]
    mask = np.where(region, np.uint8(CODE["snow"]), mask)
    return (image * (1 - soft) + snow * soft).astype(np.uint8), mask


def _paste(
    image: np.ndarray, mask: np.ndarray, cutouts: dict[str, list[np.ndarray]], rng: random.Random
) -> tuple[np.ndarray, np.ndarray]:
    """Cutouts of one class on the photo; flowers come in beds of many."""
    kind = rng.choices(["flower", "animal", "vehicle"], [0.6, 0.3, 0.1])[0]
    image, mask = image.copy(), mask.copy()
    count = rng.choice([1, 3, 8, 20]) if kind == "flower" else rng.choice([1, 1, 2])
    chosen = rng.choices(cutouts[kind], k=2)
    top = rng.uniform(0.0, 0.6)
    for _ in range(count):
        cut = rng.choice(chosen)
        longest = rng.uniform(0.35, 0.9) if count == 1 else rng.uniform(0.08, 0.3)
        scale = longest * image.shape[0] / max(cut.shape[:2])
        cut = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            cut = np.ascontiguousarray(cut[:, ::-1])
        h, w = cut.shape[:2]
        cx, cy = rng.uniform(0, image.shape[1]), rng.uniform(top, 1.0) * image.shape[0]
        x, y = int(cx - w / 2), int(cy - h / 2)
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, image.shape[1]), min(y + h, image.shape[0])
        if x1 - x0 < 4 or y1 - y0 < 4:
            continue
        part = cut[y0 - y : y1 - y, x0 - x : x1 - x]
        alpha = part[..., 3:].astype(np.float32) / 255
        image[y0:y1, x0:x1] = (image[y0:y1, x0:x1] * (1 - alpha) + part[..., :3] * alpha).astype(np.uint8)
        mask[y0:y1, x0:x1][alpha[..., 0] > 0.5] = CODE[kind]
    return image, mask
