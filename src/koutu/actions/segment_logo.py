"""SegmentLogo: the logo separated as a transparent picture."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element, Outcome
from koutu.errors import Unsuitable
from koutu.vision.logos.logo_alpha import logo_alpha


def segment_logo(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the logo of a picture, uint8 RGB (H, W, 3).

    Raises:
        Unsuitable: the picture shows no logo.
    """
    alpha = logo_alpha(image)
    if alpha is None:
        raise Unsuitable("No logo was found in the image.")
    return Outcome((Element(alpha),))
