"""How the labels of each set map to the 14 scene classes of the contract; a partial label is the set of classes it allows.

A pixel's target is a bit mask over the classes: one bit for a certain label, several where the set does not tell
(Stanford's "foreground object", the background of VOC), 0 where nothing is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLASSES = (
    "sky", "grass", "ground", "tree", "flower", "mountain_rock", "water", "snow",
    "building", "person", "animal", "vehicle", "structure", "other",
)  # fmt: skip
BIT = {name: 1 << i for i, name in enumerate(CLASSES)}
ALL = (1 << len(CLASSES)) - 1


def bits(*names: str) -> int:
    """The mask that allows the named classes."""
    return sum(BIT[n] for n in names)


def but(*names: str) -> int:
    """The mask that allows every class except the named ones."""
    return ALL & ~bits(*names)


def _table(entries: dict[int, int], default: int = 0) -> NDArray[np.int16]:
    table = np.full(256, default, np.int16)
    for label, mask in entries.items():
        table[label] = mask
    return table


STANFORD = _table(
    {0: BIT["sky"], 1: BIT["tree"], 2: BIT["ground"], 3: BIT["grass"], 4: BIT["water"], 5: BIT["building"],
     6: BIT["mountain_rock"], 7: bits("flower", "person", "animal", "vehicle", "structure", "other")}
)  # fmt: skip

CAMVID = _table(
    {0: BIT["sky"], 1: BIT["building"], 2: BIT["structure"], 3: BIT["ground"], 4: BIT["ground"], 5: BIT["tree"],
     6: BIT["structure"], 7: BIT["structure"], 8: BIT["vehicle"], 9: BIT["person"], 10: BIT["person"]}
)  # fmt: skip

_VOC_VEHICLES, _VOC_ANIMALS = (1, 2, 4, 6, 7, 14, 19), (3, 8, 10, 12, 13, 17)
VOC = _table(
    {0: but("person", "animal", "vehicle"), 15: BIT["person"], 16: bits("flower", "tree", "other")}
    | dict.fromkeys(_VOC_VEHICLES, BIT["vehicle"])
    | dict.fromkeys(_VOC_ANIMALS, BIT["animal"])
    | dict.fromkeys((5, 9, 11, 18, 20), BIT["other"])
)

_COCO_THINGS = (
    {1: BIT["person"]}
    | dict.fromkeys(range(2, 10), BIT["vehicle"])
    | dict.fromkeys((10, 11, 13, 14), BIT["structure"])
    | {15: bits("structure", "other"), 64: bits("flower", "tree", "other")}
    | dict.fromkeys(range(16, 26), BIT["animal"])
    | dict.fromkeys([*range(27, 64), *range(65, 92)], BIT["other"])
)
COCO_PANOPTIC = _table(
    dict.fromkeys(range(92, 201), BIT["other"])
    | _COCO_THINGS
    | {92: bits("structure", "other"), 95: BIT["structure"], 138: bits("structure", "other"),
       118: bits("ground", "other"), 190: bits("ground", "other"), 119: BIT["flower"], 125: BIT["ground"],
       128: BIT["building"], 197: BIT["building"], 144: bits("structure", "ground"), 145: bits("grass", "ground"),
       147: BIT["ground"], 148: BIT["water"], 155: BIT["water"], 178: BIT["water"], 149: BIT["ground"],
       151: bits("building", "structure"), 154: BIT["ground"], 159: BIT["snow"], 161: bits("structure", "ground"),
       166: bits("structure", "other"), 171: bits("building", "structure", "other"),
       175: bits("building", "structure", "other"), 177: bits("building", "structure", "other"),
       199: bits("building", "structure", "other"), 181: bits("building", "other"), 184: BIT["tree"],
       185: BIT["structure"], 187: BIT["sky"], 191: BIT["ground"], 192: BIT["mountain_rock"], 193: BIT["grass"],
       194: BIT["ground"], 198: BIT["mountain_rock"]}
)  # fmt: skip
TINY_COCO = _table(_COCO_THINGS | {0: but("person", "animal", "vehicle")})
FLOOD = _table({255: BIT["water"], 0: but("water")})
PETS = _table({0: but("animal"), 1: BIT["animal"], 2: BIT["animal"]})
CATS = _table({0: but("animal"), 1: BIT["animal"]})

TABLES = {
    "stanford_background": STANFORD,
    "camvid": CAMVID,
    "coco_panoptic200": COCO_PANOPTIC,
    "tiny_coco100": TINY_COCO,
    "voc_official": VOC,
    "voc_sbd": VOC,
    "flood_water": FLOOD,
    "oxford_pets370": PETS,
    "feral_cats": CATS,
}

# the distinct sets of allowed classes; a target pixel is an index into them
CODES: list[int] = sorted({0, *BIT.values(), *(int(b) for table in TABLES.values() for b in table)})
ALLOWED: list[list[int]] = [[i for i in range(len(CLASSES)) if mask >> i & 1] or list(range(len(CLASSES))) for mask in CODES]
CODE_OF: NDArray[np.uint8] = np.zeros(1 << len(CLASSES), np.uint8)
CODE_OF[CODES] = np.arange(len(CODES))
