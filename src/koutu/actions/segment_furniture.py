"""SegmentFurniture: pieces of furniture cut out, one element each."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.vision.objects.group_elements import group_elements


@in_frame
def segment_furniture(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the pieces of furniture of a photo, uint8 RGB (H, W, 3).

    One element each, the largest first; none where the photo shows none.
    """
    return Outcome(tuple(Element(alpha, x, y) for alpha, x, y in group_elements(image, "furniture")))
