"""SegmentSky: the sky region."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.errors import Unsuitable
from koutu.vision.sky.sky_alpha import sky_alpha


@in_frame
def segment_sky(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the sky of a photo, uint8 RGB (H, W, 3).

    Raises:
        Unsuitable: the photo shows no sky.
    """
    alpha = sky_alpha(image)
    if alpha is None:
        raise Unsuitable("No sky was found in the image.")
    return Outcome((Element(alpha),))
