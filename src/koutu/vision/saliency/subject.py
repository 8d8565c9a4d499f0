"""The subject of a photo with soft edges at full size."""

import numpy as np
from numpy.typing import NDArray

from koutu.errors import Unsuitable
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.matting.solid_interior import solid_interior
from koutu.vision.saliency.isnet import isnet

_FAINT = 0.5


def subject(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Alpha of the subject.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W).

    Raises:
        Unsuitable: nothing in the photo stands out.
    """
    saliency = isnet(image)
    if float(saliency.max()) < _FAINT:
        raise Unsuitable("No subject was found in the image: nothing in it stands out from its surroundings.")
    return guided_upsample(solid_interior(saliency), image)
