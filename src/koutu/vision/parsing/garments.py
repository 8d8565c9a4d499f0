"""What people wear, by group."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.parsing.head_alpha import sharpened
from koutu.vision.parsing.parse_head import BARE, head_window, parse_head
from koutu.vision.parsing.parse_people import CLASSES, parse_people
from koutu.vision.parsing.skin_tone import skin_tone
from koutu.vision.people.find_faces import find_faces
from koutu.vision.people.person_alpha import find_people

Floats = NDArray[np.float32]

GROUPS = ("tops", "coat", "skirt", "pants", "bag", "shoes", "hat", "accessories")

_SIDE = 448  # of the view of whole people: groups are told apart better than in a smaller or a larger one
_WORK_SIDE = 768
_FAINT = 0.05  # where the parser sees so little of a person, it does not know what is worn
_MOST_HEADS = 8
_LEAST = 0.0004  # of the photo: less is no garment


def garments(image: NDArray[np.uint8], wanted: tuple[str, ...]) -> dict[str, NDArray[np.uint8]]:
    """Alpha of each wanted group that is worn in a photo.

    The clothes' outline is soft; where two garments meet, a pixel belongs to one of them, so that together they leave no seam.

    Args:
        image: uint8 RGB (H, W, 3).
        wanted: of GROUPS.

    Returns:
        uint8 (H, W) by group.
    """
    height, width = image.shape[:2]
    parsed = parse_people(image, size=_SIDE, twice=True, garments=True)
    scale = min(1.0, _WORK_SIDE / max(height, width))
    indices = {name: CLASSES.index("other" if name == "accessories" else name) for name in GROUPS}
    layers = [parsed.window.put_back(parsed.probabilities[index], (0, 0, width, height), scale) for index in indices.values()]
    clothes: Floats = np.stack(layers).sum(axis=0)
    box = (0, 0, width, height)
    bare = parsed.window.put_back(parsed.of("skin"), box, scale)
    faces, seen = find_faces(image)
    bare *= skin_tone(image, faces, bare.shape[::-1])
    bare += parsed.window.put_back(parsed.of("hair"), box, scale)
    # The people's outline is finer than the parser's; inside it only clothes and the bare parts compete.
    people = find_people(image, parsed, seen)
    clothes = (
        clothes / np.maximum(clothes + bare, _FAINT) * cv2.resize(people, clothes.shape[::-1], interpolation=cv2.INTER_AREA)
    )
    # The head parser knows better than the human parser that a face is none.
    for face in faces[:_MOST_HEADS]:
        head = parse_head(image, head_window(face))
        clothes *= 1 - head.window.put_back(head.of(*BARE, "hair"), box, scale)
    owner = np.argmax(layers, axis=0).astype(np.uint8)
    there = {name: float(((owner == number) & (clothes > 0.5)).mean()) for number, name in enumerate(GROUPS)}
    whole = guided_upsample(sharpened(clothes), image)
    large = _enlarged(owner, layers, (width, height))
    return {
        name: np.where(large == GROUPS.index(name), whole, np.uint8(0)).astype(np.uint8)
        for name in wanted
        if there[name] >= _LEAST
    }


def _enlarged(owner: NDArray[np.uint8], layers: list[Floats], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The strongest layer of each full-size pixel, one layer at a time to spare memory."""
    if owner.shape == (size[1], size[0]):
        return owner
    best = np.zeros((size[1], size[0]), np.uint8)
    strongest = np.zeros((size[1], size[0]), np.float32)
    for index, layer in enumerate(layers):
        if float(layer.max()) > 0.05:
            large = cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR)
            stronger = large > strongest
            best[stronger] = index
            strongest[stronger] = large[stronger]
    return best
