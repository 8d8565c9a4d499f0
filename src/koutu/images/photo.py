"""Every kind of photo that a program of one's own may hand over."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from koutu.errors import InvalidParameter
from koutu.images.decode import decode
from koutu.images.header import read_header
from koutu.images.limits import check_safe
from koutu.images.picture import Picture
from koutu.settings import current

Photo = str | Path | bytes | NDArray[np.uint8] | Image.Image


def to_picture(photo: Photo) -> Picture:
    """Any kind of photo that the library takes as a decoded picture.

    Files are told by their content: JPEG, PNG, BMP, WEBP, TIFF, GIF, AVIF, and HEIC where `koutu[heic]` is installed.

    Raises:
        ImageContent: a file is no picture, or is broken.
        ImageResolution: it has too many pixels.
        InvalidParameter: an array has another shape or type.
        OSError: a path cannot be read.
    """
    if isinstance(photo, str | Path):
        photo = Path(photo).read_bytes()
    if isinstance(photo, bytes):
        check_safe(read_header(photo, wide=True), current().max_pixels)
        return decode(photo, wide=True)
    return from_array(photo)


def from_array(photo: NDArray[np.uint8] | Image.Image) -> Picture:
    """A PIL image or an array, uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, as a picture.

    Raises:
        InvalidParameter: an array has another shape or type.
    """
    if isinstance(photo, Image.Image):
        photo = np.asarray(photo if photo.mode in ("L", "RGB", "RGBA") else photo.convert("RGBA"))
    shaped = photo.ndim == 2 or (photo.ndim == 3 and photo.shape[2] in (3, 4))
    if photo.dtype != np.uint8 or not shaped or not photo.size:
        raise InvalidParameter(f"An image array must be uint8 (H, W), (H, W, 3) or (H, W, 4), not {photo.dtype} {photo.shape}.")
    if photo.ndim == 2:
        return Picture(cv2.cvtColor(photo, cv2.COLOR_GRAY2RGB))
    alpha = np.ascontiguousarray(photo[..., 3]) if photo.shape[2] == 4 else None
    return Picture(np.ascontiguousarray(photo[..., :3]), None if alpha is None or bool((alpha == 255).all()) else alpha)
