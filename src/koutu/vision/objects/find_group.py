"""All things of one group in a photo, each with its mask."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.objects.ask_mask import ask_mask
from koutu.vision.objects.detect import detect
from koutu.vision.objects.thing import Box, Group, Thing

Floats = NDArray[np.float32]

_LEAST_SCORE = 0.35
_LEAST_AREA = 4e-4
_NESTED = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A thing with its probability on the photo's canvas, float32 (H, W), 0..1."""

    thing: Thing
    probability: Floats


def find_group(image: NDArray[np.uint8], group: Group, *, least: float = _LEAST_SCORE) -> list[Found]:
    """Find the things of a group, each with its own mask.

    Args:
        image: uint8 RGB (H, W, 3); masks are computed at its size, so callers shrink large photos first.
        group: what to look for.
        least: confidence below which a detected box is not followed.

    Returns:
        The things by area, the largest first; none is inside another of them.

    Raises:
        ModelFault: a model is missing.
    """
    height, width = image.shape[:2]
    found = []
    for thing in detect(image, least=least):
        if thing.group == group:
            probability = ask_mask(image, thing.box, group).on_canvas(width, height)
            if float((probability > 0.5).mean()) >= _LEAST_AREA:
                found.append(Found(thing, probability))
    return _apart(found)


def all_of_group(image: NDArray[np.uint8], group: Group) -> Floats:
    """The probability that a pixel belongs to the group, from one look at the whole photo, float32 (H, W)."""
    height, width = image.shape[:2]
    whole = Box(0, 0, width, height)
    return ask_mask(image, whole, group, everything=True).on_canvas(width, height)


def _apart(found: list[Found]) -> list[Found]:
    """Drop masks that lie in larger or surer ones, and give a contested pixel to the thing that claims it most."""
    found = sorted(found, key=lambda one: -one.thing.score)
    kept: list[Found] = []
    for one in found:
        inside = one.probability > 0.5
        size = int(inside.sum())
        if all(int((inside & (other.probability > 0.5)).sum()) < _NESTED * size for other in kept):
            kept.append(one)
    if len(kept) > 1:
        best = np.maximum.reduce([one.probability for one in kept])
        kept = [Found(one.thing, np.where(one.probability >= best, one.probability, 0).astype(np.float32)) for one in kept]
    return sorted(kept, key=lambda one: -int((one.probability > 0.5).sum()))


def shrink(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The photo with its long side at most ``side`` pixels."""
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small: NDArray[np.uint8] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return small
