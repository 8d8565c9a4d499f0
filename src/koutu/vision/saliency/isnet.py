"""ISNet: Qin et al., "Highly Accurate Dichotomous Image Segmentation" (ECCV 2022)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.beside import Beside
from koutu.images.shrink import shrink
from koutu.models import run

SIDE = 1024
_SCALED = ((np.arange(256) - 128) / 256).astype(np.float32)  # what the network takes for each level

_ahead: Beside[NDArray[np.float32]] = Beside()


def isnet(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Find the salient object of a photo.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        float32 (1024, 1024), 0..1: the object's alpha on the photo stretched to a square.

    Raises:
        ModelFault: the model is not installed.
    """
    known = _ahead.get(image)
    if known is not None:
        return known
    saliency: NDArray[np.float32] = run("isnet", {"input": pixels(image)})["output"][0, 0]
    return saliency


def look_ahead(image: NDArray[np.uint8]) -> None:
    """Find the salient object now; `isnet` of the same photo then answers at once."""
    _ahead.put(image, isnet(image))


def pixels(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The photo as the network takes it: float32 (1, 3, 1024, 1024), -0.5..0.5, stretched to a square."""
    small = shrink(image, SIDE, SIDE)
    blob = np.empty((1, 3, SIDE, SIDE), np.float32)
    for channel, plane in enumerate(blob[0]):
        cv2.LUT(cv2.extractChannel(small, channel), _SCALED, dst=plane)
    return blob
