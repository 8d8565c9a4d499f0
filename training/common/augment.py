"""Random views of a labelled photo: geometry, colour, camera faults, occluders."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Photo = NDArray[np.uint8]


@dataclass(frozen=True)
class View:
    """A square window onto a photo: where its centre lies, how many photo pixels its side spans, and its turn."""

    x: float
    y: float
    side: float
    degrees: float = 0.0
    flip: bool = False


STRIDE = 2
"""Codes are drawn at half the photo's resolution, where the network's own logits lie."""


def window(photo: Photo, codes: Photo, view: View, size: int, outside: int) -> tuple[Photo, Photo]:
    """Sample ``view`` at size x size pixels, its codes at STRIDE-th of that.

    photo: uint8 (H, W, 3); codes: uint8 (H, W). What lies outside the photo is mid-grey and gets the code ``outside``.
    """
    scale = size / view.side
    angle = np.deg2rad(view.degrees)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    if view.flip:
        matrix[0] *= -1
    matrix[:, 2] = size / 2 - matrix[:, :2] @ (view.x, view.y)
    if scale < 0.5:
        # Area averaging first: bilinear sampling alone would alias.
        factor = max(2 * scale, 16 / min(photo.shape[:2]))
        small = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        shrink = np.array([[photo.shape[1] / small.shape[1], 0, 0], [0, photo.shape[0] / small.shape[0], 0], [0, 0, 1]])
        image = cv2.warpAffine(small, matrix @ shrink, (size, size), borderValue=(124, 124, 124))
    else:
        image = cv2.warpAffine(photo, matrix, (size, size), borderValue=(124, 124, 124))
    # Pixel centres: coarse index = (fine index + 0.5) / STRIDE - 0.5.
    coarse = matrix / STRIDE
    coarse[:, 2] += 0.5 / STRIDE - 0.5
    half = (size // STRIDE, size // STRIDE)
    target = cv2.warpAffine(codes, coarse, half, flags=cv2.INTER_NEAREST, borderValue=(outside,))
    return image.astype(np.uint8), target.astype(np.uint8)


def recolour(photo: Photo, rng: np.random.Generator) -> Photo:
    """Exposure, contrast, white balance, saturation and gamma, each moved a little at random; seldom grey.

    Strong changes cost more than they teach where only some hundred photos are labelled (training/things/README.md).
    """
    x = photo.astype(np.float32) / 255
    if rng.random() < 0.7:
        x = x ** float(np.exp(rng.normal(0, 0.15)))
        x = x * (np.exp(rng.normal(0, 0.04, 3)) * np.exp(rng.normal(0, 0.1))).astype(np.float32)
        x = (x - 0.5) * float(np.exp(rng.normal(0, 0.1))) + 0.5
        grey = x.mean(axis=2, keepdims=True)
        saturation = 0.0 if rng.random() < 0.03 else float(np.exp(rng.normal(0, 0.15)))
        x = grey + (x - grey) * saturation
    if rng.random() < 0.1:
        height, width = x.shape[:2]
        ramp = np.linspace(-1, 1, width)[None] * rng.normal() + np.linspace(-1, 1, height)[:, None] * rng.normal()
        x = x * np.exp(0.2 * ramp)[:, :, None].astype(np.float32)
    return (np.clip(x, 0, 1) * 255).astype(np.uint8)


def degrade(photo: Photo, rng: np.random.Generator) -> Photo:
    """Blur, loss of resolution, noise and JPEG blocks, each now and then."""
    size = photo.shape[1], photo.shape[0]
    if rng.random() < 0.12:
        factor = float(rng.uniform(0.3, 0.9))
        small = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        photo = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    elif rng.random() < 0.08:
        photo = cv2.GaussianBlur(photo, (0, 0), float(rng.uniform(0.5, 1.5))).astype(np.uint8)
    if rng.random() < 0.1:
        noise = rng.normal(0, rng.uniform(2, 8), photo.shape)
        photo = np.clip(photo + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 85))]
        photo = cv2.imdecode(cv2.imencode(".jpg", photo, quality)[1], cv2.IMREAD_COLOR).astype(np.uint8)
    return photo


def occlude(photo: Photo, codes: Photo, rng: np.random.Generator, code: int) -> tuple[Photo, Photo]:
    """Cover a random part by a flat or noisy shape and give it ``code`` (both arrays are copied)."""
    size = photo.shape[0]
    shape = np.zeros(photo.shape[:2], np.uint8)
    centre = tuple(int(v) for v in rng.integers(0, size, 2))
    axes = tuple(int(v) for v in rng.integers(size // 20, size // 5, 2))
    cv2.ellipse(shape, centre, axes, float(rng.uniform(0, 180)), 0, 360, 255, -1)
    cover = np.full_like(photo, rng.integers(0, 255, 3).astype(np.uint8))
    if rng.random() < 0.5:
        cover = np.roll(photo, tuple(rng.integers(size // 4, size, 2)), (0, 1))
    inside = shape > 0
    photo, codes = photo.copy(), codes.copy()
    photo[inside] = cover[inside]
    codes[inside[::STRIDE, ::STRIDE]] = code
    return photo, codes
