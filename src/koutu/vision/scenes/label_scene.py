"""The scene head: a class for every pixel of an outdoor photo."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.denoise import denoise
from koutu.images.shrink import shrink
from koutu.models import allowed, replaced
from koutu.vision.both_ways import both_ways, probabilities
from koutu.vision.scenes.permissive_scene import permissive_scene

Floats = NDArray[np.float32]

# in the order of the contract's classes; the network has two more, see kind_probabilities
CLASSES = (
    "sky", "grass", "ground", "tree", "flower", "mountain_rock", "water", "snow",
    "building", "person", "animal", "vehicle", "structure", "other",
)  # fmt: skip
SHORT_SIDE = 320
LOOKS = (320, 448)
LONG_SIDE = 960
_STEP = 32
_SURFACES = np.float32(2 / 3)  # how much the second network counts for surfaces
_SMALL = [CLASSES.index(name) for name in ("person", "structure")]
_WIDE = [index for index in range(len(CLASSES)) if index not in _SMALL]
_BAND_PIXELS = 1 << 19


def scene_probabilities(image: NDArray[np.uint8], *, short_side: int = SHORT_SIDE) -> Floats:
    """The probability of each class.

    Args:
        image: uint8 RGB (H, W, 3).
        short_side: of the picture that the network sees, about.

    Returns:
        float32 (14, h, w), 0..1, on the whole photo at the network's size.

    Raises:
        ModelFault: the model is missing.
    """
    if not allowed("things_scene"):
        return permissive_scene(image, CLASSES)
    return _folded(kind_probabilities(image, short_side=short_side))


def joined_probabilities(image: NDArray[np.uint8]) -> Floats:
    """As `scene_probabilities`, from all looks at the photo: small things as the closest look has them, surfaces by their mean.

    The second network was trained for surfaces and tells them apart better. A user's own scene network is asked alone.
    """
    if not allowed("things_scene"):
        return permissive_scene(image, CLASSES)
    near, close = (scene_probabilities(image, short_side=side) for side in LOOKS)
    size = close.shape[:0:-1]
    if replaced("things_scene"):
        return np.asarray(0.5 * (_enlarged(near, size) + close), np.float32)
    surfaces = _folded(_look("things_surfaces", image, SHORT_SIDE))
    joined = _enlarged(near + (surfaces - near) * _SURFACES, size)
    joined[_SMALL] = close[_SMALL]
    joined[_WIDE] *= (1 - close[_SMALL].sum(axis=0)) / joined[_WIDE].sum(axis=0)
    return joined


def kind_probabilities(image: NDArray[np.uint8], *, short_side: int = SHORT_SIDE) -> Floats:
    """As `scene_probabilities`, with food and furniture taken out of "other" and put after it: float32 (16, h, w)."""
    return _look("things_scene", image, short_side)


def _look(model: str, image: NDArray[np.uint8], short_side: int) -> Floats:
    """What a network sees in a photo and in its mirror image."""
    height, width = image.shape[:2]
    scale = min(short_side / min(height, width), LONG_SIDE / max(height, width))
    h, w = (max(2 * _STEP, round(side * scale / _STEP) * _STEP) for side in (height, width))
    # Enlarged noise is no longer that of single pixels.
    view = denoise(shrink(image, w, h)) if h * w < height * width else shrink(denoise(image), w, h)
    pixels = np.ascontiguousarray(view.transpose(2, 0, 1)[None] * np.float32(1 / 255))
    return both_ways(partial(probabilities, model), pixels)


def _folded(kinds: Floats) -> Floats:
    """Food and furniture counted as "other" again."""
    count = len(CLASSES)
    kinds[count - 1] += kinds[count:].sum(axis=0)
    return kinds[:count]


def _enlarged(probabilities: Floats, size: tuple[int, ...]) -> Floats:
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in probabilities])


def label_scene(probabilities: Floats, width: int, height: int) -> NDArray[np.uint8]:
    """The likeliest class of every pixel, a band of rows at a time.

    Args:
        probabilities: float32 (classes, h, w).
        width: of the result.
        height: of the result.

    Returns:
        uint8 (height, width) class ids.
    """
    classes, h, w = probabilities.shape
    labels = np.empty((height, width), np.uint8)
    rows = max(1, _BAND_PIXELS // width)
    x = (np.arange(width, dtype=np.float32) + 0.5) * (w / width) - 0.5
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        y = (np.arange(top, bottom, dtype=np.float32) + 0.5) * (h / height) - 0.5
        map_x, map_y = np.meshgrid(x, y.astype(np.float32))
        best = np.full((bottom - top, width), -1, np.float32)
        for c in range(classes):
            likely = cv2.remap(probabilities[c], map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            better = likely > best
            labels[top:bottom][better] = c
            best[better] = likely[better]
    return labels
