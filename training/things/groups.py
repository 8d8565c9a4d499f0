"""Which labels of each set belong to the groups that the mask head can be asked for."""

from __future__ import annotations

GROUPS = ("person", "animal", "vehicle", "food", "furniture", "thing")

_COCO: dict[int, str] = (
    {i: "thing" for i in range(1, 92)}
    | {1: "person"}
    | {i: "vehicle" for i in range(2, 10)}
    | {i: "animal" for i in range(16, 26)}
    | {i: "food" for i in range(52, 62)}
    | {i: "furniture" for i in (15, 62, 63, 65, 67)}
)
_VOC = (
    {i: "thing" for i in range(1, 21)}
    | {15: "person", 9: "furniture", 11: "furniture", 18: "furniture"}
    | {i: "vehicle" for i in (1, 2, 4, 6, 7, 14, 19)}
    | {i: "animal" for i in (3, 8, 10, 12, 13, 17)}
)

# label -> group; a label that is not here is background
LABELS: dict[str, dict[int, str]] = {
    "coco_panoptic200": _COCO | {122: "food", 196: "food", 156: "furniture", 188: "furniture", 189: "furniture"},
    "tiny_coco100": _COCO,
    "voc_official": _VOC,
    "voc_sbd": _VOC,
    "furniture_roboflow": {1: "furniture", 2: "furniture", 3: "thing", 4: "furniture", 5: "furniture", 6: "furniture"},
    "oxford_pets370": {1: "animal", 2: "animal"},
    "feral_cats": {1: "animal"},
    "kuih": {255: "food"},
    "ccp_clothing": {i: "person" for i in range(1, 256)},
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
}
