"""SegmentSkin: all human skin."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.actions.upright import upright
from koutu.errors import Unsuitable
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.parsing.hair_and_skin import hair_and_skin
from koutu.vision.parsing.head_alpha import sharpened


@in_frame
@upright
def segment_skin(image: NDArray[np.uint8]) -> Outcome:
    """Find the human skin in a photo, uint8 RGB (H, W, 3): faces (with eyes and lips), ears, necks, hands, arms, legs.

    Raises:
        Unsuitable: the photo shows no skin.
    """
    skin = sharpened(hair_and_skin(image).skin)
    if float((skin > 0.5).mean()) < 0.0002:
        raise Unsuitable("No human skin was found in the image.")
    return Outcome((Element(guided_upsample(skin, image)),))
