"""The things of a group one by one, each cut out of its own window."""

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.objects.agree import agree
from koutu.vision.objects.cut_out import Cut, cut_out
from koutu.vision.objects.find_group import find_group, shrink
from koutu.vision.objects.group_alpha import WORK_SIDE, group_probability
from koutu.vision.objects.thing import Group
from koutu.vision.saliency.isnet import isnet


def group_elements(image: NDArray[np.uint8], group: Group) -> list[Cut]:
    """Cut out every thing of a group.

    Args:
        image: uint8 RGB (H, W, 3).
        group: what to look for.

    Returns:
        The things, the largest first; empty where there is none. Where the detector sees no box but the photo as a whole shows
        the group, all of it is one thing.

    Raises:
        ModelFault: a model is missing.
    """
    small = shrink(image, WORK_SIDE)
    masks = [one.probability for one in find_group(small, group)]
    if not masks:
        together = group_probability(small, group)
        masks = [] if together is None else [together]
    if len(masks) == 1 and allowed("isnet"):
        masks = [agree(masks[0], isnet(image))]
    cuts = [cut_out(image, mask) for mask in masks]
    return [cut for cut in cuts if cut is not None]
