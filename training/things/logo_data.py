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
from training.things.logo_icons import brand, icons

SIZE = 256
KINDS = ("flat", "gradient", "texture", "photo")
_WITHOUT = 0.12  # how often a training picture has no logo
_CLOSE = 0.35  # how often it is a window onto a larger one


@cache
def logos(split: str) -> list[NDArray[np.uint8]]:
    """uint8 RGBA logos of one split."""
    paths = sorted((datasets.root() / "logos_cc0" / "rgba").glob("*.png"))
    chosen = [p for p in paths if labelled.is_validation(p.stem) == (split == "val")]
    return [np.array(Image.open(p).convert("RGBA")) for p in chosen]


@cache
def _reserved() -> frozenset[str]:
    """The brands of the validation split: no other icon of them is trained on."""
    paths = (datasets.root() / "logos_cc0" / "rgba").glob("*.png")
    return frozenset(brand(p.stem) for p in paths if labelled.is_validation(p.stem))


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
    image = background(kind, height, width, split, rng)
    return put(image, rng.choice(logos(split)), rng.uniform(0.35, 0.9), rng)


def put(
    background: NDArray[np.uint8], logo: NDArray[np.uint8], share: float, rng: random.Random, printed: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A logo, uint8 RGBA, put on a background where it fills a share of the frame: picture and alpha, see `composite`.

    What has the background's colour cannot be seen and is not asked for: alpha is at most 100 there.
    printed: it takes on the background's light, as on a shirt or a cup.
    """
    image = background.astype(np.float32)
    height, width = image.shape[:2]
    scale = share * min(height / logo.shape[0], width / logo.shape[1])
    logo = cv2.resize(logo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    h, w = logo.shape[:2]
    y, x = rng.randint(0, height - h), rng.randint(0, width - w)
    colour = logo[..., :3].astype(np.float32)
    if rng.random() < 0.25:  # many logos are printed in one colour
        colour[:] = rng.choice([0.0, 255.0, rng.uniform(0, 255)])
    alpha = logo[..., 3:].astype(np.float32) / 255
    if printed:
        light = cv2.GaussianBlur(image[y : y + h, x : x + w].mean(axis=2), (0, 0), 3)[..., None]
        colour = np.clip(colour * (0.4 + 0.6 * light / max(1.0, float(light.max()))), 0, 255)
    near = np.abs(colour - image[y : y + h, x : x + w]).max(axis=2, keepdims=True)
    seen = np.where(near > 24, alpha * 255, np.minimum(alpha * 255, 100))[..., 0]
    image[y : y + h, x : x + w] = image[y : y + h, x : x + w] * (1 - alpha) + colour * alpha
    full = np.zeros((height, width), np.uint8)
    full[y : y + h, x : x + w] = seen
    return np.clip(image, 0, 255).astype(np.uint8), full


def sample(generator: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A random composite uint8 RGB (SIZE, SIZE, 3), and codes at half the size: 0 background, 1 logo, 2 soft edge."""
    rng = random.Random(int(generator.integers(1 << 62)))
    side = round(SIZE * rng.uniform(1.1, 1.8)) if rng.random() < _CLOSE else SIZE
    image = background(rng.choices(KINDS, [0.08, 0.1, 0.17, 0.65])[0], side, side, "train", rng)
    alpha = np.zeros((side, side), np.uint8)
    if rng.random() > _WITHOUT:
        logo = _turned(rng.choice(icons(_reserved()) if rng.random() < 0.65 else logos("train")), rng)
        image, alpha = put(image, logo, rng.uniform(0.2, 0.95), rng, printed=rng.random() < 0.3)
    image, alpha = _window(image, alpha, rng)
    image = degrade(image, generator)
    alpha = alpha[::STRIDE, ::STRIDE]
    return image, np.where(alpha > 200, 1, np.where(alpha < 50, 0, 2)).astype(np.uint8)


def _window(
    image: NDArray[np.uint8], alpha: NDArray[np.uint8], rng: random.Random
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """SIZE x SIZE pixels of a composite, around one of its logo's pixels if it has any."""
    ys, xs = np.nonzero(alpha[::8, ::8])
    at = rng.randrange(len(ys)) if len(ys) else None
    y, x = (rng.randrange(len(alpha)), rng.randrange(len(alpha))) if at is None else (8 * int(ys[at]), 8 * int(xs[at]))
    top, left = (min(max(0, v - rng.randrange(SIZE)), len(alpha) - SIZE) for v in (y, x))
    inner = slice(top, top + SIZE), slice(left, left + SIZE)
    return np.ascontiguousarray(image[inner]), np.ascontiguousarray(alpha[inner])


def _turned(logo: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """A logo as a camera sees it: a plain icon in any colour, sometimes turned and squeezed."""
    logo = logo.copy()
    if not logo[..., :3][logo[..., 3] > 0].any():
        logo[..., :3] = [rng.randrange(256) for _ in range(3)]
    if rng.random() < 0.5:
        return logo
    h, w = logo.shape[:2]
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    angle = np.deg2rad(rng.gauss(0, 12))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    moved = corners @ turn.T + np.array([[rng.gauss(0, 0.06) * w, rng.gauss(0, 0.06) * h] for _ in range(4)], np.float32)
    moved -= moved.min(axis=0)
    size = (int(np.ceil(moved[:, 0].max())) + 1, int(np.ceil(moved[:, 1].max())) + 1)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return cv2.warpPerspective(logo, matrix, size, flags=cv2.INTER_AREA).astype(np.uint8)
