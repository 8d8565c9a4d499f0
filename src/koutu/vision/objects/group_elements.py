"""The things of a group one by one, each cut out of its own window."""

import numpy as np
from numpy.typing import NDArray

from koutu.vision.objects.cut_out import Cut, cut_out
from koutu.vision.objects.find_things import find_things
from koutu.vision.objects.thing import Group


def group_elements(image: NDArray[np.uint8], group: Group) -> list[Cut]:
    """Cut out every thing of a group.

    Args:
        image: uint8 RGB (H, W, 3).
        group: what to look for.

    Returns:
        The things, the largest first; empty where there is none.

    Raises:
        ModelFault: a model is missing.
    """
    cuts = [cut_out(image, mask) for mask in find_things(image, group)]
    return [cut for cut in cuts if cut is not None]
