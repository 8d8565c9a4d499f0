"""Alpha of all things of a group together."""

import numpy as np
from numpy.typing import NDArray

from koutu.vision.matting.refine_band import refine_band
from koutu.vision.objects.find_things import find_things
from koutu.vision.objects.thing import Group

HOLD = 0.1
SURE = 0.85


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
    masks = find_things(image, group)
    return refine_band(image, np.maximum.reduce(masks), hold=HOLD, sure=SURE) if masks else None
