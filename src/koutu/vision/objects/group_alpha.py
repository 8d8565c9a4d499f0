"""Alpha of all things of a group together: boxes, the look at the whole photo, and saliency."""

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.matting.refine_band import refine_band
from koutu.vision.objects.agree import agree
from koutu.vision.objects.ask_mask import ask_mask
from koutu.vision.objects.find_group import all_of_group, find_group, shrink
from koutu.vision.objects.thing import Box, Group
from koutu.vision.saliency.isnet import isnet

Floats = NDArray[np.float32]

WORK_SIDE = 640
_SURE = 0.6  # mean probability inside a mask that no box supports
_LEAST_SHARE = 0.004


def group_probability(image: NDArray[np.uint8], group: Group) -> Floats | None:
    """Where the group is.

    Args:
        image: uint8 RGB (H, W, 3), at most about a megapixel.
        group: what to look for.

    Returns:
        float32 (H, W), 0..1; None where the photo has none.

    Raises:
        ModelFault: a model is missing.
    """
    found = find_group(image, group)
    everywhere = all_of_group(image, group)
    if found:
        boxed: Floats = np.maximum.reduce([one.probability for one in found])
        return _extend(boxed, everywhere)
    inside = everywhere > 0.5
    if float(inside.mean()) < _LEAST_SHARE or float(everywhere[inside].mean()) < _SURE:
        return None
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    closer = ask_mask(image, box, group, everything=True).on_canvas(image.shape[1], image.shape[0])
    mean = ((everywhere + closer) / 2).astype(np.float32)
    return mean if bool((mean > 0.5).any()) else None


def _extend(boxed: Floats, everywhere: Floats) -> Floats:
    """What the look at the whole photo adds to the boxes: both sure together are sure, one alone needs to be surer."""
    joined: Floats = np.maximum(boxed, np.clip(everywhere * 1.25 - 0.25, 0, 1))
    return joined


def group_alpha(image: NDArray[np.uint8], group: Group) -> NDArray[np.uint8] | None:
    """Cut a group out.

    Args:
        image: uint8 RGB (H, W, 3).
        group: what to look for.

    Returns:
        uint8 (H, W) alpha; None where the photo has nothing of the group.

    Raises:
        ModelFault: a model is missing.
    """
    probability = group_probability(shrink(image, WORK_SIDE), group)
    if probability is None:
        return None
    if allowed("isnet"):
        probability = agree(probability, isnet(image))
    return refine_band(image, probability, hold=0.1)
