"""Write a contact sheet of an action's results: python -m benchmarks.gallery segment_head sheet.png [--photos FOLDER ...]."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from training.common.datasets import pairs, root

from koutu.actions.outcome import Outcome
from koutu.errors import Unsuitable
from koutu.images.estimate_foreground import estimate_foreground
from koutu.images.labels import palette
from koutu.images.picture import Picture
from koutu.images.png import encode_png
from koutu.images.sheet import contact_sheet
from koutu.vision.saliency.isnet import isnet

_COLOURS = np.random.default_rng(3).integers(40, 256, (64, 3)).astype(np.uint8)
_BLOCKS = 48
_SETS = {
    "segment_body": ("ccp_clothing", "voc_official", "coco_panoptic200", "celebamask_ce7454"),
    "segment_hd_body": ("ccp_clothing", "voc_official"),
    "segment_head": ("celebamask_ce7454", "ccp_clothing", "figaro1k_hair"),
    "segment_face": ("celebamask_ce7454", "ccp_clothing", "figaro1k_hair"),
    "segment_hair": ("figaro1k_hair", "celebamask_ce7454", "ccp_clothing"),
    "parse_face": ("celebamask_ce7454",),
    "segment_skin": ("celebamask_ce7454", "ccp_clothing", "voc_official"),
    "segment_cloth": ("ccp_clothing", "coco_panoptic200"),
    "segment_animal": ("oxford_pets370", "voc_official", "feral_cats"),
    "segment_vehicle": ("coco_panoptic200", "tiny_coco100", "camvid", "voc_sbd"),
    "segment_food": ("kuih", "food_aruno", "coco_panoptic200"),
    "segment_furniture": ("furniture_roboflow", "coco_panoptic200", "tiny_coco100"),
    "segment_sky": ("stanford_background", "camvid", "coco_panoptic200"),
    "segment_hd_sky": ("stanford_background", "camvid", "coco_panoptic200"),
    "segment_scene": ("stanford_background", "camvid", "coco_panoptic200"),
    "segment_common_image": ("coco_panoptic200", "voc_official", "furniture_roboflow", "kuih"),
    "segment_commodity": ("furniture_roboflow", "kuih", "food_aruno"),
    "segment_logo": ("coco_panoptic200", "furniture_roboflow"),
    "change_sky": ("stanford_background", "camvid", "coco_panoptic200"),
    "refine_mask": ("alphamatting27",),
}


def chosen(action: str, count: int, folders: list[Path]) -> Iterator[NDArray[np.uint8]]:
    """Photos for an action: of the given folders, or evenly out of the validation splits of its sets."""
    sets = [[pair.image for pair in pairs(name, "val")] for name in _SETS.get(action, ())] if not folders else []
    sets += [sorted(folder.iterdir()) for folder in folders]
    for index, files in enumerate(sets):
        share = count // len(sets) + (index < count % len(sets))
        for file in files[:: max(1, len(files) // max(1, share))][:share]:
            photo = cv2.imread(str(file), cv2.IMREAD_COLOR)
            if photo is not None:
                yield np.ascontiguousarray(photo[..., ::-1])


def shown(photo: NDArray[np.uint8], outcome: Outcome, coloured: bool) -> Picture:
    """All elements in one picture: cut out with true colours, or each in a colour of its own; classes in their palette's."""
    if outcome.picture is not None:
        return Picture(outcome.picture)
    if outcome.labels is not None:
        return Picture((photo // 3 + palette(int(outcome.labels.max()) + 1)[outcome.labels] // 3 * 2).astype(np.uint8))
    alpha = np.zeros(photo.shape[:2], np.uint8)
    painted = photo // 3
    for index, element in enumerate(outcome.elements):
        box = slice(element.y, element.y + element.height), slice(element.x, element.x + element.width)
        np.maximum(alpha[box], element.alpha, out=alpha[box])
        share = element.alpha[..., None] / np.float32(255)
        painted[box] = (painted[box] * (1 - share) + _COLOURS[index] * share).astype(np.uint8)
    if coloured:
        return Picture(painted)
    soft = alpha.astype(np.float32) / 255
    foreground, _ = estimate_foreground(photo.astype(np.float32) / 255, soft)
    return Picture(np.rint(np.clip(foreground, 0, 1) * 255).astype(np.uint8), alpha)


def answer(name: str, photo: NDArray[np.uint8], reference: Path | None) -> Outcome:
    """What an action makes of a photo; RefineMask is given saliency in coarse blocks, ChangeSky the reference photo.

    Raises:
        FileNotFoundError: the reference cannot be read.
    """
    action = getattr(import_module(f"koutu.actions.{name}"), name)
    further: list[NDArray[np.uint8]] = []
    if name == "refine_mask":
        blocks = cv2.resize(isnet(photo), (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
        size = photo.shape[1::-1]
        further = [cv2.resize(np.where(blocks > 0.5, 255, 0).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)]
    if reference is not None:
        other = cv2.imread(str(reference), cv2.IMREAD_COLOR)
        if other is None:
            raise FileNotFoundError(reference)
        further = [np.ascontiguousarray(other[..., ::-1])]
    try:
        found: Outcome = action(photo, *further)
    except Unsuitable:
        return Outcome()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", help="segment_head, parse_face, ...")
    parser.add_argument("output", type=Path)
    parser.add_argument("--photos", type=Path, action="append", default=[], help=f"a folder of photos (default: {root()})")
    parser.add_argument("--reference", type=Path, help="the photo whose sky change_sky takes")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--side", type=int, default=240)
    arguments = parser.parse_args()
    tiles = []
    for photo in chosen(arguments.action, arguments.count, arguments.photos):
        outcome = answer(arguments.action, photo, arguments.reference)
        tiles += [Picture(photo), shown(photo, outcome, arguments.action in ("parse_face", "segment_cloth"))]
    sheet = contact_sheet(tiles, 8, arguments.side)
    data = encode_png(lambda top, bottom: sheet[top:bottom], sheet.shape[1], sheet.shape[0], 3)
    arguments.output.write_bytes(data)


if __name__ == "__main__":
    main()
