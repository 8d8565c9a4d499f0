"""The human parser's classes, and the labels of Clothing Co-Parsing in them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

CLASSES = ("background", "skin", "hair", "hat", "tops", "coat", "skirt", "pants", "bag", "shoes", "other")
SKIN, HAIR, HAT, TOPS, COAT, SKIRT, PANTS, BAG, SHOES, OTHER = range(1, 11)
# Clothing Co-Parsing's ids by group; what is named nowhere here is an accessory, "other".
_CCP_GROUPS = {
    0: (0,),
    SKIN: (41,),
    HAIR: (19,),
    HAT: (20,),
    TOPS: (5, 6, 8, 11, 22, 23, 26, 38, 48, 49, 50, 51, 54, 55),
    COAT: (4, 10, 13, 24, 46),
    SKIRT: (14, 35, 42),
    PANTS: (25, 27, 30, 31, 40),
    BAG: (2, 33, 56),
    SHOES: (7, 12, 16, 21, 28, 32, 36, 39, 43, 58),
}


def table_of(groups: dict[int, Iterable[int]], rest: int) -> NDArray[np.uint8]:
    """From ids to codes, uint8 (256,): each group's ids to its code, all others to ``rest``."""
    table = np.full(256, rest, np.uint8)
    for code, members in groups.items():
        table[list(members)] = code
    return table


CCP = table_of(_CCP_GROUPS, OTHER)
