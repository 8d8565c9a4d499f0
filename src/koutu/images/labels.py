"""Class ids as an indexed PNG: a pixel's value is its class id, and the palette shows the classes apart."""

import colorsys

import numpy as np
from numpy.typing import NDArray

from koutu.images.png import encode_png

_GOLDEN_RATIO = 0.618033988749895


def palette(classes: int) -> NDArray[np.uint8]:
    """RGB colours of class ids 0..classes-1, uint8 (classes, 3): hues by the golden ratio, so that neighbours differ."""
    colours = [
        colorsys.hsv_to_rgb((0.58 + index * _GOLDEN_RATIO) % 1, 0.55 + 0.3 * (index % 2), 0.95 - 0.25 * (index % 3 == 2))
        for index in range(classes)
    ]
    return np.rint(np.array(colours, np.float64).reshape(-1, 3) * 255).astype(np.uint8)


def encode_labels(labels: NDArray[np.uint8], classes: int) -> bytes:
    """Encode uint8 (H, W) class ids below `classes` as an indexed PNG."""
    height, width = labels.shape
    return encode_png(lambda top, bottom: labels[top:bottom], width, height, 1, palette(classes))
