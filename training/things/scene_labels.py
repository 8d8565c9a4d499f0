"""How the labels of each set map to the scene head's classes; a partial label is the set of classes it allows.

The head splits the contract's last class, "other", into food, furniture and other: the same network then says where a
photo's dishes and furniture are.

A pixel's target is a bit mask over the classes: one bit for a certain label, several where the set does not tell
(Stanford's "foreground object", the background of VOC), 0 where nothing is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLASSES = (
    "sky", "grass", "ground", "tree", "flower", "mountain_rock", "water", "snow",
    "building", "person", "animal", "vehicle", "structure", "other", "food", "furniture",
)  # fmt: skip
CONTRACT = CLASSES[:14]
BIT = {name: 1 << i for i, name in enumerate(CLASSES)}
ALL = (1 << len(CLASSES)) - 1


def bits(*names: str) -> int:
    """The mask that allows the named classes."""
    return sum(BIT[n] for n in names)


def but(*names: str) -> int:
    """The mask that allows every class except the named ones."""
    return ALL & ~bits(*names)


def contract_bits(mask: NDArray[np.int32]) -> NDArray[np.int32]:
    """Allowed classes of the head as allowed classes of the contract, which counts food and furniture as other."""
    folded = mask & ~np.int32(bits("food", "furniture"))
    return np.where(mask & bits("food", "furniture"), folded | BIT["other"], folded).astype(np.int32)


def _table(entries: dict[int, int], default: int = 0) -> NDArray[np.int32]:
    table = np.full(256, default, np.int32)
    for label, mask in entries.items():
        table[label] = mask
    return table


STANFORD = _table(
    {0: BIT["sky"], 1: BIT["tree"], 2: BIT["ground"], 3: BIT["grass"], 4: BIT["water"], 5: BIT["building"],
     6: BIT["mountain_rock"], 7: bits("flower", "person", "animal", "vehicle", "structure", "other", "food", "furniture")}
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
    | dict.fromkeys((5, 20), BIT["other"])
    | dict.fromkeys((9, 11, 18), BIT["furniture"])
)

_COCO_THINGS = (
    {1: BIT["person"]}
    | dict.fromkeys(range(2, 10), BIT["vehicle"])
    | dict.fromkeys((10, 11, 13, 14), BIT["structure"])
    | {15: BIT["furniture"], 64: bits("flower", "tree", "other")}
    | dict.fromkeys(range(16, 26), BIT["animal"])
    | dict.fromkeys([*range(27, 52), *range(68, 92)], BIT["other"])
    | dict.fromkeys(range(52, 62), BIT["food"])
    | dict.fromkeys((62, 63, 65, 67), BIT["furniture"])
)
COCO_PANOPTIC = _table(
    dict.fromkeys(range(92, 201), BIT["other"])
    | _COCO_THINGS
    | {122: BIT["food"], 196: BIT["food"], 189: BIT["furniture"]}
    | dict.fromkeys((107, 156, 188), bits("furniture", "other"))
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
_INDOORS = bits("furniture", "other", "flower", "tree", "structure", "building", "ground", "person")
FURNITURE = _table({0: _INDOORS, 3: bits("other", "flower", "tree")} | dict.fromkeys((1, 2, 4, 5, 6), BIT["furniture"]))
KUIH = _table({0: bits("other", "tree", "flower", "furniture"), 255: BIT["food"]})
CLOTHES = _table(dict.fromkeys(range(1, 256), BIT["person"]) | {0: but("person", "food")})

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
    "furniture_roboflow": FURNITURE,
    "kuih": KUIH,
    "ccp_clothing": CLOTHES,
}

# the distinct sets of allowed classes; a target pixel is an index into them
CODES: list[int] = sorted({0, *BIT.values(), *(int(b) for table in TABLES.values() for b in table)})
ALLOWED: list[list[int]] = [[i for i in range(len(CLASSES)) if mask >> i & 1] or list(range(len(CLASSES))) for mask in CODES]
CODE_OF: NDArray[np.uint8] = np.zeros(1 << len(CLASSES), np.uint8)
CODE_OF[CODES] = np.arange(len(CODES))
CODE: dict[str, int] = {name: int(CODE_OF[bit]) for name, bit in BIT.items()}  # the code of a certain label
UNKNOWN = int(CODE_OF[0])
