"""Whose tone could be skin: a garment in a colour that no face of the photo has is none, whatever its parser says."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import shrink
from koutu.vision.faces.face import Face

Floats = NDArray[np.float32]

_NEAR, _FAR = 24.0, 36.0  # how far a colour may lie from a face's, in a and b of CIELAB: skin below, no skin above
_LEAST = 20  # pixels of a face, fewer tell no tone
_GREY = 6.0  # chroma of a face in a grey photo, which tells no tone either


def skin_tone(image: NDArray[np.uint8], faces: Sequence[Face], size: tuple[int, int]) -> Floats:
    """How well each pixel's colour could be the skin of somebody whose face is in the photo.

    Args:
        image: uint8 RGB (H, W, 3).
        faces: of the photo, in its pixels.
        size: (w, h) of the answer.

    Returns:
        float32 (h, w), 0..1; 1 everywhere where no face tells its tone.
    """
    width, height = size
    small = shrink(image, width, height)
    lab = cv2.cvtColor(small * np.float32(1 / 255), cv2.COLOR_RGB2LAB)
    x_scale, y_scale = width / image.shape[1], height / image.shape[0]
    squared = np.full((height, width), np.inf, np.float32)
    for face in faces:
        # The middle of the face: no hair, no background.
        left, right = ((face.x + share * face.width) * x_scale for share in (0.25, 0.75))
        top, bottom = ((face.y + share * face.height) * y_scale for share in (0.3, 0.9))
        inner = lab[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right), 1:].reshape(-1, 2)
        if len(inner) < _LEAST:
            continue
        tone = np.median(inner, axis=0)
        if float(np.hypot(*tone)) < _GREY:
            continue
        np.minimum(squared, (lab[..., 1] - tone[0]) ** 2 + (lab[..., 2] - tone[1]) ** 2, out=squared)
    if not np.isfinite(squared).all():
        return np.ones((height, width), np.float32)
    like: Floats = np.clip((_FAR - np.sqrt(squared)) / (_FAR - _NEAR), 0, 1).astype(np.float32)
    return like
