"""Training samples of the mask head: a crop, a box in it, and the group of what the box holds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.bounds import bounds
from training.common.augment import STRIDE, degrade, recolour
from training.things import labelled
from training.things.groups import GROUPS, IGNORED, LABELS

SIZE = 256
CHANNELS = 1 + len(GROUPS)  # box, one per group

# how often each set is drawn
SHARES = {
    "coco_panoptic200": 0.33,
    "tiny_coco100": 0.15,
    "voc_official": 0.18,
    "voc_sbd": 0.05,
    "furniture_roboflow": 0.09,
    "oxford_pets370": 0.05,
    "feral_cats": 0.04,
    "kuih": 0.03,
    "ccp_clothing": 0.02,
    "camvid": 0.05,
    "cutouts": 0.02,
}
PASTED = 0.2  # how often another object is pasted over or beside the one that is asked for
HIDDEN = {"furniture": 0.35, "vehicle": 0.35}  # the same, for groups that are seldom seen free
_HIDERS = {  # what stands before them, and sets to take it from
    "furniture": {
        "person": ("ccp_clothing", "voc_official", "coco_panoptic200"),
        "animal": ("voc_official", "oxford_pets370"),
        "food": ("kuih", "coco_panoptic200"),
        "thing": ("food_aruno", "coco_panoptic200", "voc_official"),
    },
    "vehicle": {"person": ("ccp_clothing", "voc_official", "coco_panoptic200")},
}
_ON_TOP = 0.75  # how often it is one of those, and not any other object
GROUP_WEIGHT = {"person": 0.7, "animal": 2.0, "vehicle": 4.0, "food": 3.0, "furniture": 8.0, "thing": 0.5}

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
                parts.append(Instance(group, box_of(part), mask))
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


def box_of(mask: NDArray[np.bool_]) -> Box:
    rows, columns = bounds(mask)
    return float(columns.start), float(rows.start), float(columns.stop), float(rows.stop)


def window(box: Box, width: int, height: int, margin: float = 0.25) -> Box:
    """The crop around a box: a margin on every side, aspect at most 1 : 2, inside the photo."""
    x0, y0, x1, y1 = box
    w, h = (x1 - x0) * (1 + 2 * margin), (y1 - y0) * (1 + 2 * margin)
    w, h = max(w, h / 2, 32), max(h, w / 2, 32)
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    return max(0.0, cx - w / 2), max(0.0, cy - h / 2), min(float(width), cx + w / 2), min(float(height), cy + h / 2)


def encode(
    image: NDArray[np.uint8], crop: Box, box: Box, group: str, flip: bool = False, size: int = SIZE
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
    out[..., 4 + GROUPS.index(group)] = 255
    return out, m


def question(rng: random.Random) -> Question:
    """A random question about a training photo."""
    name = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if name == "cutouts":
        return _pasted(labelled.cutouts(), rng)
    photo, parts = rng.choice(instances(name, "train"))
    if not parts:
        return question(rng)
    part = rng.choices(parts, [GROUP_WEIGHT[p.group] for p in parts])[0]
    asked = Question(photo.image, part.box, part.group, part.mask)
    if rng.random() >= HIDDEN.get(part.group, PASTED):
        return asked
    if part.group not in _HIDERS or rng.random() >= _ON_TOP:
        return _crowded(asked, rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        asked = _hidden(asked, rng)
    return asked


def _hidden(asked: Question, rng: random.Random) -> Question:
    """A thing with a person, an animal, a dish or something else pasted before its middle."""
    hiders = _HIDERS[asked.group]
    group = rng.choice(list(hiders))
    found = _object(hiders[group], group, rng)
    if found is None:
        return asked
    wide, high = asked.box[2] - asked.box[0], asked.box[3] - asked.box[1]
    area = wide * high / (found[0].shape[0] * found[0].shape[1])
    scale = rng.uniform(0.25, 0.8) * area**0.5
    cx = (asked.box[0] + asked.box[2]) / 2 + rng.uniform(-0.4, 0.4) * wide
    cy = (asked.box[1] + asked.box[3]) / 2 + rng.uniform(-0.45, 0.3) * high
    return _covered(asked, *_paste(asked.image, found[0], scale, cx, cy))


def _covered(asked: Question, image: NDArray[np.uint8], cover: NDArray[np.bool_]) -> Question:
    """What is left of a question once ``cover``, bool (H, W), hides a part; the old one if that is too little."""
    left = np.where(cover, 0, asked.mask).astype(np.uint8)
    if (left == 1).sum() < 0.35 * (asked.mask == 1).sum():
        return asked
    return Question(image, box_of(left == 1), asked.group, left)


def _object(names: Sequence[str], group: str | None, rng: random.Random) -> tuple[NDArray[np.uint8], Instance] | None:
    """An object of a group, or of any, out of one of the sets: RGBA, sometimes mirrored; None if none is found."""
    for _ in range(8):
        photo, parts = rng.choice(instances(rng.choice(names), "train"))
        parts = [p for p in parts if group in (None, p.group)]
        if parts:
            break
    else:
        return None
    part = rng.choice(parts)
    x0, y0, x1, y1 = (int(v) for v in part.box)
    inside = (part.mask[y0:y1, x0:x1] == 1).astype(np.uint8)
    soft = cv2.GaussianBlur(cv2.erode(inside, np.ones((3, 3), np.uint8)) * 255, (0, 0), 0.8)
    cut = np.dstack([photo.image[y0:y1, x0:x1], soft])
    return np.ascontiguousarray(cut[:, ::-1] if rng.random() < 0.5 else cut), part


def _crowded(asked: Question, rng: random.Random) -> Question:
    """Another photo's object pasted beside or over the one asked for; now and then the pasted one is asked for instead.

    Simple copy-paste (Ghiasi et al. 2021) gives exact outlines of touching and half hidden objects.
    """
    names = ("voc_official", "coco_panoptic200", "tiny_coco100", "furniture_roboflow", "feral_cats", "kuih")
    found = _object(names, asked.group if rng.random() < 0.6 else None, rng)
    if found is None:
        return asked
    cut, part = found
    bw, bh = asked.box[2] - asked.box[0], asked.box[3] - asked.box[1]
    scale = rng.uniform(0.5, 1.1) * (bw * bh / (cut.shape[0] * cut.shape[1])) ** 0.5
    cx = (asked.box[0] + asked.box[2]) / 2 + rng.uniform(-0.8, 0.8) * bw
    cy = (asked.box[1] + asked.box[3]) / 2 + rng.uniform(-0.5, 0.7) * bh
    image, cover = _paste(asked.image, cut, scale, cx, cy)
    if rng.random() < 0.3 and cover.any():
        return Question(image, box_of(cover), part.group, cover.astype(np.uint8))
    return _covered(asked, image, cover)


def _paste(
    image: NDArray[np.uint8], cut: NDArray[np.uint8], scale: float, cx: float, cy: float
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """An RGBA cutout, scaled, with its centre at (cx, cy): the new photo and where the cutout lies, bool (H, W)."""
    size = max(4, round(cut.shape[1] * scale)), max(4, round(cut.shape[0] * scale))
    cut = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    height, width = image.shape[:2]
    x, y = int(cx - size[0] / 2), int(cy - size[1] / 2)
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + size[0], width), min(y + size[1], height)
    cover = np.zeros((height, width), bool)
    image = image.copy()
    if x1 > x0 and y1 > y0:
        part = cut[y0 - y : y1 - y, x0 - x : x1 - x]
        alpha = part[..., 3:].astype(np.float32) / 255
        image[y0:y1, x0:x1] = (image[y0:y1, x0:x1] * (1 - alpha) + part[..., :3] * alpha).astype(np.uint8)
        cover[y0:y1, x0:x1] = alpha[..., 0] > 0.5
    return image, cover


def _pasted(cutouts: dict[str, list[NDArray[np.uint8]]], rng: random.Random) -> Question:
    kind = rng.choices(["animal", "vehicle", "thing"], [0.6, 0.1, 0.3])[0]
    cut = rng.choice(cutouts[kind])
    name = rng.choice(["stanford_background", "coco_panoptic200"])
    photo = rng.choice(labelled.photos(name, "train")).image
    h, w = photo.shape[:2]
    scale = min(rng.uniform(0.4, 0.9) * h / cut.shape[0], rng.uniform(0.4, 0.9) * w / cut.shape[1])
    image, cover = _paste(photo, cut, scale, rng.uniform(0.25, 0.75) * w, rng.uniform(0.25, 0.75) * h)
    return Question(image, box_of(cover), kind, cover.astype(np.uint8))


def jitter(box: Box, width: int, height: int, rng: random.Random) -> Box:
    """A box as a detector would give it: every side off by some percent of the object's size."""
    x0, y0, x1, y1 = box
    spread = 0.12 if rng.random() < 0.3 else 0.055
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
    group = "thing" if rng.random() < 0.1 else q.group
    x, m = encode(q.image, crop, box, group, flip=rng.random() < 0.5)
    x[..., :3] = degrade(recolour(np.ascontiguousarray(x[..., :3]), generator), generator)
    codes = cv2.warpAffine(q.mask, m, (SIZE, SIZE), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return x, np.ascontiguousarray(codes[::STRIDE, ::STRIDE]).astype(np.uint8)
