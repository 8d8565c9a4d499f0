"""SegmentCommodity: products cut out, one or several."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import between_margins
from koutu.actions.outcome import Element, Outcome
from koutu.vision.saliency.isnet import look_ahead
from koutu.vision.saliency.subject import subject

first_look = look_ahead


@between_margins
def segment_commodity(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the products of a photo, uint8 RGB (H, W, 3).

    Raises:
        Unsuitable: the photo shows no product.
    """
    return Outcome((Element(subject(image)),))
