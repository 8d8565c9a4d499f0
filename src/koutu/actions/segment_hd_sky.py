"""SegmentHDSky: the sky region of a large photo at full detail."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element, Outcome
from koutu.errors import Unsuitable
from koutu.vision.sky.sky_alpha import sky_alpha

_WORK_SIDE = 1280


def segment_hd_sky(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the sky of a photo, uint8 RGB (H, W, 3), with edges solved at a larger working size than SegmentSky's.

    Raises:
        Unsuitable: the photo shows no sky.
    """
    alpha = sky_alpha(image, work_side=_WORK_SIDE)
    if alpha is None:
        raise Unsuitable("No sky was found in the image.")
    return Outcome((Element(alpha),))
