"""What people wear, by group."""

import numpy as np
from numpy.typing import NDArray

from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.parsing.parse_people import CLASSES, parse_people

_WORK_SIDE = 768
_LEAST = 0.0004  # of the photo: less is no garment

GROUPS = ("tops", "coat", "skirt", "pants", "bag", "shoes", "hat", "accessories")


def garments(image: NDArray[np.uint8], wanted: tuple[str, ...]) -> dict[str, NDArray[np.uint8]]:
    """Alpha of each wanted group that is worn in a photo.

    Args:
        image: uint8 RGB (H, W, 3).
        wanted: of GROUPS.

    Returns:
        uint8 (H, W) by group. Where groups meet, their alphas add up to that of the clothes together.
    """
    height, width = image.shape[:2]
    parsed = parse_people(image)
    scale = min(1.0, _WORK_SIDE / max(height, width))
    box = (0, 0, width, height)
    scores = np.stack([parsed.window.put_back(layer, box, scale) for layer in parsed.probabilities])
    strongest = scores.argmax(axis=0)
    found = {}
    for name in wanted:
        index = CLASSES.index("other" if name == "accessories" else name)
        if float((strongest == index).mean()) < _LEAST:
            continue
        others = np.delete(scores, index, axis=0).max(axis=0)
        margin = np.clip((scores[index] - others) * np.float32(1.5) + np.float32(0.5), 0, 1)
        found[name] = guided_upsample(margin, image)
    return found
