"""Things held before the body: the matting network leaves them out raggedly, the salient object shows them whole."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.objects.thing import Thing

Floats = NDArray[np.float32]

_SMALLEST, _LARGEST = 0.02, 0.6  # of the people: sizes of what is held
_UNSURE = 0.07  # mean alpha of people on it: less, and the matting network plainly sees something else
_TOUCHING = 0.55  # share of its outline, inside the photo, that people have
_AROUND = 0.15  # of the square root of its size: how far around it rags are mended as well
_NAMED = 0.5  # share of it in the box of something that is no belonging
_OTHERS = ("animal", "vehicle", "furniture", "food")


def with_held(people: Floats, salient: Floats, scale: float, things: list[Thing]) -> Floats:
    """Take in what people hold before themselves, so that no ragged hole is left in them.

    Args:
        people: float32 (h, w), 0..1, alpha of people.
        salient: float32 (h, w), 0..1, alpha of the salient object.
        scale: size of both against the photo.
        things: what the detector saw, in photo pixels; animals, vehicles, furniture and food stay outside.

    Returns:
        float32 (h, w), 0..1.
    """
    inside = people > 0.5
    beyond = cv2.morphologyEx(((salient > 0.5) & ~inside).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(beyond)
    area = int(inside.sum())
    held = people
    for index in range(1, len(stats)):
        size = int(stats[index, cv2.CC_STAT_AREA])
        if not _SMALLEST * area <= size <= _LARGEST * area:
            continue
        patch = labels == index
        ring = cv2.dilate(patch.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        border = ring & ~patch
        touching = int((border & inside).sum()) >= _TOUCHING * int(border.sum())
        if touching and float(people[patch].mean()) >= _UNSURE and not _named(patch, size, scale, things):
            reach = 1 + 2 * max(3, round(_AROUND * float(np.sqrt(size))))
            around = cv2.dilate(patch.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
            held = np.where(around, np.maximum(held, salient), held)
    return held


def _named(patch: NDArray[np.bool_], size: int, scale: float, things: list[Thing]) -> bool:
    for thing in things:
        rows = slice(max(0, round(thing.box.top * scale)), max(0, round(thing.box.bottom * scale)))
        columns = slice(max(0, round(thing.box.left * scale)), max(0, round(thing.box.right * scale)))
        if thing.group in _OTHERS and int(patch[rows, columns].sum()) > _NAMED * size:
            return True
    return False
