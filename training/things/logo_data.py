"""Composites of logos on flat colours, gradients, textures and photos, with their exact alpha."""

from __future__ import annotations

import random
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.common import datasets
from training.common.augment import STRIDE, degrade
from training.things import labelled

SIZE = 256
KINDS = ("flat", "gradient", "texture", "photo")


@cache
def logos(split: str) -> list[NDArray[np.uint8]]:
    """uint8 RGBA logos of one split."""
    paths = sorted((datasets.root() / "logos_cc0" / "rgba").glob("*.png"))
    chosen = [p for p in paths if labelled.is_validation(p.stem) == (split == "val")]
    return [np.array(Image.open(p).convert("RGBA")) for p in chosen]


def background(kind: str, height: int, width: int, split: str, rng: random.Random) -> NDArray[np.uint8]:
    """A background uint8 RGB (height, width, 3)."""
    if kind == "photo":
        name = rng.choice(["coco_panoptic200", "voc_official", "stanford_background", "furniture_roboflow"])
        photo = rng.choice(labelled.photos(name, split)).image
        scale = max(height / photo.shape[0], width / photo.shape[1]) * rng.uniform(1, 1.8)
        photo = cv2.resize(photo, None, fx=scale + 1e-3, fy=scale + 1e-3, interpolation=cv2.INTER_LINEAR)
        y, x = rng.randint(0, photo.shape[0] - height), rng.randint(0, photo.shape[1] - width)
        return photo[y : y + height, x : x + width].astype(np.uint8)
    first, second = (np.array([rng.uniform(0, 255) for _ in range(3)]) for _ in range(2))
    if rng.random() < 0.4:
        first = np.full(3, rng.choice([255.0, 255.0, 0.0, rng.uniform(0, 255)]))
    if kind == "flat":
        return np.broadcast_to(first, (height, width, 3)).astype(np.uint8)
    ys, xs = np.mgrid[0:height, 0:width] / max(height, width)
    angle = rng.uniform(0, 2 * np.pi)
    ramp = xs * np.cos(angle) + ys * np.sin(angle)
    if rng.random() < 0.3:
        ramp = np.hypot(xs - rng.random(), ys - rng.random())
    ramp = (ramp - ramp.min()) / np.ptp(ramp)
    if kind == "gradient":
        return (first + (second - first) * ramp[..., None]).astype(np.uint8)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 1, (height, width)).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.6, 4), sigmaY=rng.uniform(0.6, 12))
    grain = grain / grain.std() * rng.uniform(4, 22)
    return np.clip(first + grain[..., None] * np.array([rng.uniform(0.7, 1.3) for _ in range(3)]), 0, 255).astype(np.uint8)


def composite(
    kind: str, height: int, width: int, split: str, rng: random.Random
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A logo on a background of the kind: uint8 RGB (height, width, 3) and alpha uint8 (height, width)."""
    image = background(kind, height, width, split, rng).astype(np.float32)
    logo = rng.choice(logos(split))
    scale = rng.uniform(0.35, 0.9) * min(height / logo.shape[0], width / logo.shape[1])
    logo = cv2.resize(logo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    h, w = logo.shape[:2]
    y, x = rng.randint(0, height - h), rng.randint(0, width - w)
    colour = logo[..., :3].astype(np.float32)
    if rng.random() < 0.25:  # many logos are printed in one colour
        colour[:] = rng.choice([0.0, 255.0, rng.uniform(0, 255)])
    alpha = logo[..., 3:].astype(np.float32) / 255
    near = np.abs(colour - image[y : y + h, x : x + w]).max(axis=2, keepdims=True)
    visible = (alpha * (near > 24))[..., 0]  # what has the background's colour cannot be seen and is not asked for
    image[y : y + h, x : x + w] = image[y : y + h, x : x + w] * (1 - alpha) + colour * alpha
    full = np.zeros((height, width), np.uint8)
    full[y : y + h, x : x + w] = visible * 255
    return np.clip(image, 0, 255).astype(np.uint8), full


def sample(generator: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A random composite uint8 RGB (SIZE, SIZE, 3), and codes at half the size: 0 background, 1 logo, 2 soft edge."""
    rng = random.Random(int(generator.integers(1 << 62)))
    kind = rng.choices(KINDS, [0.12, 0.13, 0.2, 0.55])[0]
    image, alpha = composite(kind, SIZE, SIZE, "train", rng)
    image = degrade(image, generator)
    alpha = alpha[::STRIDE, ::STRIDE]
    return image, np.where(alpha > 200, 1, np.where(alpha < 50, 0, 2)).astype(np.uint8)
