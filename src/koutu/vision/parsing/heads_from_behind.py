"""Heads of which no face is seen: hair from behind, and what the head parser sees of a head around it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.parsing.hair_alpha import cut_by_person
from koutu.vision.parsing.hair_and_skin import hair_and_skin, hair_windows
from koutu.vision.parsing.parse_head import HEAD, parse_head
from koutu.vision.parsing.without_fur import without_fur

Floats = NDArray[np.float32]

_LEAST_HAIR = 0.25  # of a patch: one with less hair is a neck or a shoulder


def heads_from_behind(image: NDArray[np.uint8]) -> list[tuple[NDArray[np.uint8], int, int]]:
    """Cut out the heads of a photo without faces.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        For each head alpha, uint8 (h, w), and its left and top in the photo; none without the parsers' weights, as colours
        alone do not tell hair from a dark wall.
    """
    if not (allowed("human_parser") and allowed("face_parser")):
        return []
    found = hair_and_skin(image, bare=False)
    if not hair_windows(found.hair, [], found.scale):
        return []
    hair = without_fur(image, found.hair, found.scale)
    box, heads = (0, 0, image.shape[1], image.shape[0]), hair.copy()
    for window in hair_windows(hair, [], found.scale):
        np.maximum(heads, window.put_back(parse_head(image, window).of(*HEAD), box, found.scale), out=heads)
    return cut_by_person(image, with_hair(heads, hair), [], found.scale)


def with_hair(heads: Floats, hair: Floats) -> Floats:
    """The patches (of what is over .5) of a map of heads, float32 (h, w), that have hair of their own."""
    count, labels = cv2.connectedComponents((heads > 0.5).astype(np.uint8))
    areas = np.bincount(labels.ravel(), minlength=count)
    theirs = np.bincount(labels[hair > 0.5], minlength=count)
    bare = theirs < _LEAST_HAIR * areas
    bare[0] = False
    kept: Floats = np.where(bare[labels], np.minimum(hair, heads), heads)
    return kept
