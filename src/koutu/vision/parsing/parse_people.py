"""Skin, hair and garments of everybody in a photo, by our own parser trained on Clothing Co-Parsing (Yang et al. 2014)."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed, replaced
from koutu.vision.both_ways import both_ways, probabilities
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.permissive_people import permissive_people
from koutu.vision.parsing.window import Window

CLASSES = ("background", "skin", "hair", "hat", "tops", "coat", "skirt", "pants", "bag", "shoes", "other")
"""The parser's classes by their index; other: glasses, belts, scarves, socks, jewellery."""

SIZE = 384


def parse_people(
    image: NDArray[np.uint8], *, size: int = SIZE, twice: bool = False, garments: bool = False, once: Parsed | None = None
) -> Parsed:
    """Parse a whole photo.

    Args:
        image: uint8 RGB (H, W, 3).
        size: of the square that the network sees, in pixels.
        twice: also look at the mirrored photo and average the two answers: steadier, at twice the cost.
        garments: also ask the garment parser, which tells garments and people about as well and errs elsewhere, and
            average the two. A user's own network in the human parser's slot is asked alone.
        once: what this gave at the same size without ``twice`` and ``garments``, where that is known: the human parser looks
            at the mirrored photo alone then.
    """
    height, width = image.shape[:2]
    window = Window(width / 2, height / 2, float(max(height, width)))
    if not allowed("human_parser"):
        return Parsed(window, CLASSES, permissive_people(image, window, CLASSES, size))
    view = window.look(image, size)
    seen = {"human_parser": once.probabilities if once else None}
    if garments and not replaced("human_parser"):
        seen["garment_parser"] = None
    looks = {name: partial(probabilities, name) for name in seen}
    answers = [both_ways(look, view, seen[name]) if twice else look(view) for name, look in looks.items()]
    return Parsed(window, CLASSES, answers[0] if len(answers) == 1 else (answers[0] + answers[1]) * np.float32(0.5))
