"""Hair without the fur of animals, which looks like a head seen from behind."""

import numpy as np
from numpy.typing import NDArray

from koutu.vision.objects.detect import detect

Floats = NDArray[np.float32]

_SURE = 0.7  # score of an animal's box; of 430 photos of hair, many from behind, 7 have one
_LEAST_PERSON = 0.2


def without_fur(image: NDArray[np.uint8], hair: Floats, scale: float) -> Floats:
    """A map of hair without what lies in the boxes of animals.

    Args:
        image: uint8 RGB (H, W, 3).
        hair: float32 (h, w), 0..1, on the whole photo.
        scale: size of the map against the photo.
    """
    things = detect(image, least=_LEAST_PERSON)
    people = [thing for thing in things if thing.group == "person"]
    kept = hair.copy()
    for beast in things:
        surer = any(person.score >= beast.score and person.box.overlap(beast.box) > 0 for person in people)
        if beast.group != "animal" or beast.score < _SURE or surer:
            continue
        box = beast.box
        rows = slice(max(0, int(box.top * scale)), max(0, round(box.bottom * scale)))
        kept[rows, max(0, int(box.left * scale)) : max(0, round(box.right * scale))] = 0
    return kept
