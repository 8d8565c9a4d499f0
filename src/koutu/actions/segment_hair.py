"""SegmentHair: one cutout per person's hair."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.elements import largest_first, trimmed
from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Outcome
from koutu.actions.upright import upright
from koutu.vision.parsing.hair_alpha import hair_alpha


@in_frame
@upright
def segment_hair(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the hair of each person in a photo, uint8 RGB (H, W, 3); largest first.

    No hair: an empty outcome.
    """
    return Outcome(largest_first(trimmed(alpha, left, top) for alpha, left, top in hair_alpha(image)))
