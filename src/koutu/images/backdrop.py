"""What a cut-out is laid on: a colour, or a picture that fills the canvas."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from koutu.errors import InvalidParameter
from koutu.images.picture import Picture

Bytes = NDArray[np.uint8]


def colour(text: str) -> tuple[int, int, int] | None:
    """The RGB of a CSS colour ("white", "#1a73e8", "rgb(20, 30, 40)"); None where the text is no colour."""
    try:
        red, green, blue, *_ = ImageColor.getrgb(text.strip())
    except ValueError:
        return None
    return red, green, blue


def plain(rgb: tuple[int, int, int], height: int, width: int) -> Bytes:
    """A canvas of one colour, uint8 (height, width, 3), without memory of its own: read it only."""
    return np.broadcast_to(np.array(rgb, np.uint8), (height, width, 3))


def cover(picture: Picture, height: int, width: int) -> Bytes:
    """A picture enlarged or shrunk until it fills the canvas, its middle kept; uint8 (height, width, 3)."""
    if height < 1 or width < 1:
        raise InvalidParameter(f"A canvas of {width}x{height} pixels holds nothing.")
    scale = max(width / picture.width, height / picture.height)
    size = max(width, round(picture.width * scale)), max(height, round(picture.height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(picture.opaque(), size, interpolation=way)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.ascontiguousarray(scaled[top : top + height, left : left + width]).astype(np.uint8, copy=False)
