"""SegmentBody: everybody in a photo, cut out together."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.vision.people.person_alpha import person_alpha


@in_frame
def segment_body(image: NDArray[np.uint8]) -> Outcome:
    """Cut out all people of a photo, uint8 RGB (H, W, 3), as one element on the whole canvas.

    Raises:
        Unsuitable: the photo shows nobody.
    """
    return Outcome((Element(person_alpha(image)),))
