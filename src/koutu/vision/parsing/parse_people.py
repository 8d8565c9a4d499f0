"""Skin, hair and garments of everybody in a photo, by our own parser trained on Clothing Co-Parsing (Yang et al. 2014)."""

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed, run
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.permissive_people import permissive_people
from koutu.vision.parsing.window import Window

CLASSES = ("background", "skin", "hair", "hat", "tops", "coat", "skirt", "pants", "bag", "shoes", "other")
"""The parser's classes by their index; other: glasses, belts, scarves, socks, jewellery."""

SIZE = 384


def parse_people(image: NDArray[np.uint8], *, size: int = SIZE, twice: bool = False) -> Parsed:
    """Parse a whole photo.

    Args:
        image: uint8 RGB (H, W, 3).
        size: of the square that the network sees, in pixels.
        twice: also look at the mirrored photo and average the two answers: steadier, at twice the cost.
    """
    height, width = image.shape[:2]
    window = Window(width / 2, height / 2, float(max(height, width)))
    if not allowed("human_parser"):
        return Parsed(window, CLASSES, permissive_people(image, window, CLASSES, size))
    view = window.look(image, size)
    answer = run("human_parser", {"image": view})["probabilities"][0]
    if twice:
        mirrored = run("human_parser", {"image": np.ascontiguousarray(view[..., ::-1])})["probabilities"][0]
        answer = (answer + mirrored[..., ::-1]) * np.float32(0.5)
    return Parsed(window, CLASSES, answer)
