"""RefineMask: an image and its coarse mask in, a fine mask out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu import errors
from koutu.actions.outcome import Element, Outcome
from koutu.vision.matting.refine_mask import refine_mask as refine

ASPECT_TOLERANCE = 0.02


def refine_mask(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> Outcome:
    """Refine a coarse mask.

    Args:
        image: uint8 RGB (H, W, 3).
        mask: uint8 (h, w), 255 = foreground. It may have another size than the image, but not another shape: the sides' ratio
            may differ by 2 %.

    Raises:
        Unsuitable: the mask's shape is not the image's, or the mask is empty.
    """
    height, width = image.shape[:2]
    own, wanted = mask.shape[1] / mask.shape[0], width / height
    if abs(own / wanted - 1) > ASPECT_TOLERANCE:
        size, shape = f"{mask.shape[1]}x{mask.shape[0]}", f"{width}x{height}"
        raise errors.Unsuitable(f"The mask's shape ({size}) is not that of the image ({shape}): the sides' ratio must agree.")
    if int(mask.max()) < 128:
        raise errors.Unsuitable("The mask is empty: nothing in it is brighter than 127.")
    if mask.shape != (height, width):
        mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    return Outcome((Element(refine(image, mask)),))
