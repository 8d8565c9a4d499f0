"""Scene classes without trained weights of our own: colours, texture, place in the photo, and the detector's boxes.

It is what `KOUTU_LICENCES=permissive` answers with: sound for skies, lawns, trees and streets in daylight, a guess elsewhere.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.objects.detect import detect
from koutu.vision.objects.grab_cut import grab_cut

Floats = NDArray[np.float32]

SIDE = 320
_BOXES = 6
_LEAST_SCORE = 0.4
_INDOORS = frozenset({62, 63, 65, 67, 70, 72, 73, 74, 75, 76, 78, 79, 80, 81, 82, 84})  # chairs to books, by COCO's numbers
_CALM = 5.0  # local contrast under which a region may be sky
_SURE = np.float32(0.95)


def permissive_scene(image: NDArray[np.uint8], classes: tuple[str, ...]) -> Floats:
    """Guess the probability of each class.

    Args:
        image: uint8 RGB (H, W, 3).
        classes: names in the order of the result.

    Returns:
        float32 (classes, h, w), 0..1, on the whole photo, long side SIDE or that of a smaller photo.

    Raises:
        ModelFault: the detector is not installed.
    """
    height, width = image.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    things = detect(image, least=_LEAST_SCORE)
    labels = _surfaces(small, outdoors=not any(thing.category in _INDOORS for thing in things))
    masks = {name: (labels == name).astype(np.float32) for name in classes}
    for thing in sorted(things, key=lambda one: -one.box.area)[:_BOXES]:
        if thing.group in ("person", "animal", "vehicle"):
            inside: Floats = cv2.resize(grab_cut(image, thing.box), size, interpolation=cv2.INTER_AREA)
            for name in classes:
                masks[name] = inside if name == thing.group else masks[name] * (1 - inside)
    stacked = np.stack([cv2.GaussianBlur(masks[name], (0, 0), 1.0) for name in classes]) * _SURE + (1 - _SURE) / len(classes)
    return np.asarray(stacked / stacked.sum(axis=0), np.float32)


def _surfaces(small: NDArray[np.uint8], *, outdoors: bool) -> NDArray[np.str_]:
    """A class's name for every pixel, without things."""
    smooth = cv2.bilateralFilter(small, 7, 30, 5)
    lab = cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB).astype(np.float32)
    light, red, yellow = lab[..., 0] / 255, lab[..., 1] - 128, lab[..., 2] - 128
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    contrast = np.sqrt(np.maximum(cv2.blur(grey * grey, (7, 7)) - cv2.blur(grey, (7, 7)) ** 2, 0))
    place = np.broadcast_to(np.linspace(0, 1, grey.shape[0], dtype=np.float32)[:, None], grey.shape)
    labels = np.full(grey.shape, "building", dtype="<U13")
    pale = np.hypot(red, yellow) < 12
    labels[(place > 0.55) & (np.abs(red) < 14)] = "ground"
    labels[(place > 0.5) & (yellow < -8) & (contrast < 3 * _CALM)] = "water"
    labels[(place > 0.4) & pale & (light > 0.85)] = "snow"
    green = (red < -5) & (yellow > 4)
    labels[green] = "tree"
    labels[green & (place > 0.45) & (contrast < 5 * _CALM)] = "grass"
    labels[(np.hypot(red, yellow) > 45) & (red > 20) & (contrast > 2 * _CALM) & (place > 0.3)] = "flower"
    if outdoors:
        labels[_sky(light, red, yellow, contrast, place)] = "sky"
    return labels


def _sky(light: Floats, red: Floats, yellow: Floats, contrast: Floats, place: Floats) -> NDArray[np.bool_]:
    """Calm, blue or bright regions that hang from the upper border."""
    blue = (yellow < -6) & (light > 0.3)
    bright = (np.hypot(red, yellow) < 14) & (light > 0.72)
    dusk = (light > 0.45) & (yellow > 8) & (place < 0.5)
    possible = ((blue | bright | dusk) & (contrast < _CALM) & (place < 0.8)).astype(np.uint8)
    _, marks = cv2.connectedComponents(possible)
    hanging = np.unique(marks[:3][possible[:3] > 0])
    counts = np.bincount(marks.ravel())
    large = [mark for mark in hanging if counts[mark] > 0.01 * marks.size]
    return np.asarray(cv2.dilate(np.isin(marks, large).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
