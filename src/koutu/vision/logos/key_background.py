"""Keying: alpha of what stands out from a flat, graded or finely grained background."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_NOTICED = 6.0
_LEAST_CONTRAST = 14.0
_BORDER = 0.03
_PLAIN_SHARE = 0.8


def key_background(image: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Key out a plain background.

    A quadratic surface per channel is fitted to the border, robustly, so that a logo that touches it does no harm. Alpha is a
    pixel's distance from that surface over the distance of the strongest colour near it, which un-mixes anti-aliased edges.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W), or None where the border is no plain background.
    """
    height, width = image.shape[:2]
    pixels = image.astype(np.float32)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = 2 * xs / width - 1, 2 * ys / height - 1
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=2)
    depth = max(2, round(_BORDER * min(height, width)))
    border = np.ones((height, width), bool)
    border[depth:-depth, depth:-depth] = False
    design, colours = terms[border], pixels[border]
    good = np.ones(len(design), bool)
    limit = np.float32(np.inf)
    surface = np.zeros((6, 3), np.float32)
    for _ in range(6):
        surface = np.linalg.lstsq(design[good], colours[good], rcond=None)[0].astype(np.float32)
        off = np.abs(colours - design @ surface).max(axis=1)
        limit = max(np.float32(_NOTICED), np.float32(4.0 * np.median(off)))
        good = off < limit
        if good.mean() < _PLAIN_SHARE / 2:
            return None
    if good.mean() < _PLAIN_SHARE or limit > 5 * _NOTICED:
        return None
    distance = np.abs(pixels - terms @ surface).max(axis=2)
    floor = float(limit)
    strongest = cv2.dilate(distance, np.ones((5, 5), np.uint8))
    alpha = np.clip((distance - floor / 2) / np.maximum(strongest - floor / 2, 1), 0, 1)
    alpha[strongest < max(_LEAST_CONTRAST, 1.5 * floor)] = 0
    keyed: NDArray[np.uint8] = np.rint(alpha * 255).astype(np.uint8)
    return keyed
