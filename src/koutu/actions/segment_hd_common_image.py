"""SegmentHDCommonImage: the subject of a very large photo."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import between_margins
from koutu.actions.outcome import Element, Outcome
from koutu.vision.saliency.isnet import look_ahead
from koutu.vision.saliency.subject import subject

first_look = look_ahead


@between_margins
def segment_hd_common_image(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the subject of a photo, uint8 RGB (H, W, 3).

    Raises:
        Unsuitable: the photo has no subject.
    """
    return Outcome((Element(subject(image)),))
