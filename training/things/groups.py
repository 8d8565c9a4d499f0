"""Which labels of each set belong to the groups that the mask head can be asked for."""

from __future__ import annotations

GROUPS = ("person", "animal", "vehicle", "food", "furniture", "thing")

_COCO: dict[int, str] = (
    dict.fromkeys(range(1, 92), "thing")
    | {1: "person"}
    | dict.fromkeys(range(2, 10), "vehicle")
    | dict.fromkeys(range(16, 26), "animal")
    | dict.fromkeys(range(52, 62), "food")
    | dict.fromkeys((15, 62, 63, 65, 67), "furniture")
)
_VOC = (
    dict.fromkeys(range(1, 21), "thing")
    | {15: "person", 9: "furniture", 11: "furniture", 18: "furniture"}
    | dict.fromkeys((1, 2, 4, 6, 7, 14, 19), "vehicle")
    | dict.fromkeys((3, 8, 10, 12, 13, 17), "animal")
)

# label -> group; a label that is not here is background
LABELS: dict[str, dict[int, str]] = {
    "coco_panoptic200": _COCO | {122: "food", 196: "food", 189: "furniture"},
    "tiny_coco100": _COCO,
    "voc_official": _VOC,
    "voc_sbd": _VOC,
    "furniture_roboflow": {1: "furniture", 2: "furniture", 3: "thing", 4: "furniture", 5: "furniture", 6: "furniture"},
    "oxford_pets370": {1: "animal", 2: "animal"},
    "feral_cats": {1: "animal"},
    "kuih": {255: "food"},
    "ccp_clothing": dict.fromkeys(range(1, 256), "person"),
    "camvid": {8: "vehicle", 9: "person"},
    "food_aruno": {255: "thing"},  # a dish with its plate
}

# groups of which a set labels every pixel, so that "all of it" and "there is none" can be asked
COMPLETE: dict[str, tuple[str, ...]] = {
    "coco_panoptic200": ("person", "animal", "vehicle", "food", "furniture"),
    "tiny_coco100": ("person", "animal", "vehicle"),
    "voc_official": ("person", "animal", "vehicle"),
    "voc_sbd": ("person", "animal", "vehicle"),
    "furniture_roboflow": ("animal", "vehicle", "food"),
    "oxford_pets370": ("animal", "vehicle", "food"),
    "feral_cats": ("animal", "vehicle", "food"),
    "kuih": ("animal", "vehicle", "food", "furniture"),
    "ccp_clothing": ("animal", "food"),
    "stanford_background": ("food", "furniture"),
    "camvid": ("animal", "food", "furniture"),
}

# labels that say "do not know": never right or wrong
IGNORED: dict[str, tuple[int, ...]] = {
    "coco_panoptic200": (0,),
    "tiny_coco100": (255,),
    "voc_official": (255,),
    "oxford_pets370": (255,),
    "camvid": (11,),
    "food_aruno": (100, 200),
}

# labels that may be of a group or not: COCO's counters, shelves and cabinets, fitted or standing
UNSURE: dict[str, dict[str, tuple[int, ...]]] = {"coco_panoptic200": {"furniture": (107, 156, 188)}}
