"""Boxes of the 80 COCO kinds of things: SSD with MobileNetV2 (Liu et al. 2016; Sandler et al. 2018)."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.models.slots import filled, run_boxes
from koutu.vision.objects.ssd_boxes import ssd_boxes
from koutu.vision.objects.thing import Box, Thing, group_of

_TILE_SHARE = 0.62


def detect(image: NDArray[np.uint8], *, least: float = 0.3, tiles: bool = False) -> list[Thing]:
    """Find things.

    Args:
        image: uint8 RGB (H, W, 3).
        least: confidence below which a find is dropped.
        tiles: also look at four overlapping quarters, which finds small things and costs five passes instead of one.

    Returns:
        The things by confidence, the surest first, those of closer looks last.

    Raises:
        ModelFault: the model is not installed.
    """
    height, width = image.shape[:2]
    found = _look(image, 0, 0, least)
    if tiles:
        h, w = round(height * _TILE_SHARE), round(width * _TILE_SHARE)
        for top in (0, height - h):
            for left in (0, width - w):
                tile = image[top : top + h, left : left + w]
                near = [t for t in _look(tile, left, top, least) if not _cut(t.box, left, top, w, h, width, height)]
                found += [replace(t, closer=True) for t in near]
    found.sort(key=lambda thing: (thing.closer, -thing.score))
    kept: list[Thing] = []
    for thing in found:
        if not any(_same(thing, other) for other in kept):
            kept.append(thing)
    return kept


def _look(image: NDArray[np.uint8], left: int, top: int, least: float) -> list[Thing]:
    height, width = image.shape[:2]
    card = filled("ssd")
    if card is not None and allowed("ssd"):
        boxes, kinds, scores = run_boxes(card, image)
    else:
        boxes, kinds, scores = ssd_boxes(image, least)
    things = []
    for (y0, x0, y1, x1), kind, score in zip(boxes.tolist(), kinds.tolist(), scores.tolist(), strict=True):
        if score >= least:
            box = Box(left + x0 * width, top + y0 * height, left + x1 * width, top + y1 * height)
            things.append(Thing(box, round(kind), group_of(round(kind)), score))
    return things


def _cut(box: Box, left: int, top: int, w: int, h: int, width: int, height: int) -> bool:
    """Whether a tile's inner border cuts the box: the whole photo shows that thing better."""
    near = 0.02
    return (
        (left > 0 and box.left < left + near * w)
        or (top > 0 and box.top < top + near * h)
        or (left + w < width and box.right > left + w * (1 - near))
        or (top + h < height and box.bottom > top + h * (1 - near))
    )


def _same(one: Thing, other: Thing) -> bool:
    """Two boxes on one thing: same group, and one covers most of the other or both agree well."""
    if one.group != other.group:
        return False
    common = one.box.overlap(other.box)
    return common > 0.55 * (one.box.area + other.box.area - common) or (
        one.category == other.category and common > 0.85 * min(one.box.area, other.box.area)
    )
