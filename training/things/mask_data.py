"""Training samples of the mask head: a crop, a box in it, a group, and "this one" or "all of them"."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from training.common.augment import STRIDE, degrade, recolour
from training.things import labelled
from training.things.groups import COMPLETE, GROUPS, IGNORED, LABELS

SIZE = 256
CHANNELS = 2 + len(GROUPS)  # box, all-of-them, one per group

# how often each set is drawn
SHARES = {
    "coco_panoptic200": 0.27, "tiny_coco100": 0.11, "voc_official": 0.22, "voc_sbd": 0.05, "furniture_roboflow": 0.11,
    "oxford_pets370": 0.05, "feral_cats": 0.05, "kuih": 0.04, "ccp_clothing": 0.04, "stanford_background": 0.02,
    "camvid": 0.01, "cutouts": 0.03,
}  # fmt: skip
GROUP_WEIGHT = {"person": 0.7, "animal": 2.0, "vehicle": 3.0, "food": 3.0, "furniture": 3.0, "thing": 0.5}

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels


@dataclass(frozen=True)
class Instance:
    """A labelled object of a photo."""

    group: str
    box: Box
    mask: NDArray[np.uint8]  # (H, W): 1 inside, 0 outside, 2 unknown


@dataclass(frozen=True)
class Question:
    """One thing to ask the mask head and its right answer."""

    image: NDArray[np.uint8]
    box: Box
    group: str
    everything: bool
    mask: NDArray[np.uint8]


@cache
def instances(dataset: str, split: str) -> list[tuple[labelled.Photo, list[Instance]]]:
    """Every labelled object of a set over a thousandth of the photo; touching objects are one where the set has no numbers."""
    found = []
    for photo in labelled.photos(dataset, split):
        unknown = np.isin(photo.mask, IGNORED.get(dataset, ()))
        numbers = labelled.instances(dataset, photo.stem) if dataset in ("feral_cats", "tiny_coco100") else None
        parts: list[Instance] = []
        for label in np.unique(photo.mask):
            group = LABELS.get(dataset, {}).get(int(label))
            if group is None:
                continue
            whole = photo.mask == label
            if dataset == "ccp_clothing":
                whole = photo.mask > 0
            for part in _parts(whole, numbers):
                if part.sum() < max(150, part.size / 1000):
                    continue
                mask = np.where(unknown & ~part, 2, part).astype(np.uint8)
                parts.append(Instance(group, bounds(part), mask))
            if dataset == "ccp_clothing":
                break
        found.append((photo, parts))
    return found


def _parts(whole: NDArray[np.bool_], numbers: NDArray[np.uint8] | None) -> Iterator[NDArray[np.bool_]]:
    if numbers is not None:
        for n in np.unique(numbers[whole]):
            if n not in (0, 255):
                yield whole & (numbers == n)
        return
    # pieces that a thin occluder separates belong together: components of a slightly grown mask
    grown = cv2.dilate(whole.astype(np.uint8), np.ones((7, 7), np.uint8))
    count, marks = cv2.connectedComponents(grown)
    for i in range(1, count):
        yield whole & (marks == i)


def bounds(mask: NDArray[np.bool_]) -> Box:
    ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return float(xs[0]), float(ys[0]), float(xs[-1] + 1), float(ys[-1] + 1)


def window(box: Box, width: int, height: int, margin: float = 0.25) -> Box:
    """The crop around a box: a margin on every side, aspect at most 1 : 2, inside the photo."""
    x0, y0, x1, y1 = box
    w, h = (x1 - x0) * (1 + 2 * margin), (y1 - y0) * (1 + 2 * margin)
    w, h = max(w, h / 2, 32), max(h, w / 2, 32)
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    return max(0.0, cx - w / 2), max(0.0, cy - h / 2), min(float(width), cx + w / 2), min(float(height), cy + h / 2)


def encode(
    image: NDArray[np.uint8], crop: Box, box: Box, group: str, everything: bool, flip: bool = False, size: int = SIZE
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The head's input uint8 (size, size, 3 + CHANNELS) and the 2x3 matrix from photo to crop."""
    x0, y0, x1, y1 = crop
    sx, sy = size / (x1 - x0), size / (y1 - y0)
    m = np.array([[sx, 0, -x0 * sx + (sx - 1) / 2], [0, sy, -y0 * sy + (sy - 1) / 2]])
    if flip:
        m[0] = -m[0]
        m[0, 2] += size - 1
    source, n = image, m
    if min(sx, sy) < 0.6:  # shrink well first: a warp alone would alias
        f = max(sx, sy, 0.05)
        source = cv2.resize(image, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
        fx, fy = source.shape[1] / image.shape[1], source.shape[0] / image.shape[0]
        n = m @ np.array([[1 / fx, 0, (1 / fx - 1) / 2], [0, 1 / fy, (1 / fy - 1) / 2], [0, 0, 1]])
    out = np.zeros((size, size, 3 + CHANNELS), np.uint8)
    out[..., :3] = cv2.warpAffine(source, n, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    bx = sorted((m[0, 0] * box[0] + m[0, 2], m[0, 0] * box[2] + m[0, 2]))
    by = (m[1, 1] * box[1] + m[1, 2], m[1, 1] * box[3] + m[1, 2])
    cut = [round(float(np.clip(v, 0, size))) for v in (by[0], by[1], bx[0], bx[1])]
    out[cut[0] : cut[1], cut[2] : cut[3], 3] = 255
    out[..., 4] = 255 * everything
    out[..., 5 + GROUPS.index(group)] = 255
    return out, m


def question(rng: random.Random) -> Question:
    """A random question about a training photo."""
    name = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if name == "cutouts":
        return _pasted(labelled.cutouts(), rng)
    photo, parts = rng.choice(instances(name, "train"))
    complete = COMPLETE.get(name, ())
    if complete and (not parts or rng.random() < 0.35):
        return _all_of(photo, parts, complete, name, rng)
    if not parts:
        return question(rng)
    part = rng.choices(parts, [GROUP_WEIGHT[p.group] for p in parts])[0]
    return Question(photo.image, part.box, part.group, False, part.mask)


def _all_of(
    photo: labelled.Photo, parts: list[Instance], complete: tuple[str, ...], dataset: str, rng: random.Random
) -> Question:
    there = [g for g in complete if any(p.group == g for p in parts)]
    group = rng.choice(there) if there and rng.random() < 0.75 else rng.choice(complete)
    h, w = photo.mask.shape
    labels = [label for label, g in LABELS.get(dataset, {}).items() if g == group]
    mask = np.isin(photo.mask, labels)
    box: Box = (0.0, 0.0, float(w), float(h))
    if mask.any() and rng.random() < 0.5:
        box = bounds(mask)
    unknown = np.isin(photo.mask, IGNORED.get(dataset, ())) & ~mask
    return Question(photo.image, box, group, True, np.where(unknown, 2, mask).astype(np.uint8))


def _pasted(cutouts: dict[str, list[NDArray[np.uint8]]], rng: random.Random) -> Question:
    kind = rng.choices(["animal", "vehicle", "thing"], [0.6, 0.1, 0.3])[0]
    cut = rng.choice(cutouts[kind])
    name = rng.choice(["stanford_background", "coco_panoptic200"])
    image = rng.choice(labelled.photos(name, "train")).image.copy()
    h, w = image.shape[:2]
    scale = min(rng.uniform(0.4, 0.9) * h / cut.shape[0], rng.uniform(0.4, 0.9) * w / cut.shape[1])
    cut = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    ch, cw = cut.shape[:2]
    y, x = rng.randint(0, h - ch), rng.randint(0, w - cw)
    alpha = cut[..., 3:].astype(np.float32) / 255
    place = image[y : y + ch, x : x + cw]
    place[:] = (place * (1 - alpha) + cut[..., :3] * alpha).astype(np.uint8)
    mask = np.zeros((h, w), np.uint8)
    mask[y : y + ch, x : x + cw] = alpha[..., 0] > 0.5
    return Question(image, bounds(mask > 0), kind, False, mask)


def jitter(box: Box, width: int, height: int, rng: random.Random) -> Box:
    """A box as a detector would give it: every side off by some percent of the object's size."""
    x0, y0, x1, y1 = box
    spread = 0.1 if rng.random() < 0.3 else 0.05
    dx, dy = (x1 - x0) * spread, (y1 - y0) * spread
    moved = (x0 + rng.gauss(0, dx), y0 + rng.gauss(0, dy), x1 + rng.gauss(0, dx), y1 + rng.gauss(0, dy))
    a, b = max(0.0, min(moved[0], x1 - 4)), max(0.0, min(moved[1], y1 - 4))
    return a, b, min(float(width), max(moved[2], a + 8)), min(float(height), max(moved[3], b + 8))


def sample(generator: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A random input uint8 (SIZE, SIZE, 3 + CHANNELS) and its codes at half the size: 0 outside, 1 inside, 2 unknown."""
    rng = random.Random(int(generator.integers(1 << 62)))
    q = question(rng)
    h, w = q.image.shape[:2]
    box = jitter(q.box, w, h, rng)
    crop = window(box, w, h, rng.uniform(0.12, 0.4))
    group = "thing" if rng.random() < 0.1 and not q.everything else q.group
    x, m = encode(q.image, crop, box, group, q.everything, flip=rng.random() < 0.5)
    x[..., :3] = degrade(recolour(np.ascontiguousarray(x[..., :3]), generator), generator)
    codes = cv2.warpAffine(q.mask, m, (SIZE, SIZE), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return x, np.ascontiguousarray(codes[::STRIDE, ::STRIDE]).astype(np.uint8)
