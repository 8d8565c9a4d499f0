"""SegmentFood: food cut out, without its plate."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.errors import Unsuitable
from koutu.vision.objects.group_alpha import group_alpha


@in_frame
def segment_food(image: NDArray[np.uint8]) -> Outcome:
    """Cut out all food of a photo, uint8 RGB (H, W, 3), together.

    Raises:
        Unsuitable: the photo shows none.
    """
    alpha = group_alpha(image, "food")
    if alpha is None:
        raise Unsuitable("No food was found in the image.")
    return Outcome((Element(alpha),))
