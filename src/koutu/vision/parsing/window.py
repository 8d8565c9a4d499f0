"""A turned square window onto a photo, and the way back from it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import whole_factor

Floats = NDArray[np.float32]

_OUTSIDE = (124, 124, 124)  # what the parsers saw beyond a photo's edge in training
_LARGE = 1_000_000  # pixels of a photo in a window: of so many, averaging takes longer than a small network


@dataclass(frozen=True, slots=True)
class Window:
    """A square of a photo.

    Attributes:
        x, y: its centre, in photo pixels.
        side: in photo pixels.
        degrees: its turn, clockwise.
    """

    x: float
    y: float
    side: float
    degrees: float = 0.0

    def matrix(self, size: int) -> NDArray[np.float64]:
        """The affine map (2, 3) from photo to window pixels for a window of size x size pixels."""
        scale = size / self.side
        angle = math.radians(self.degrees)
        cos, sin = scale * math.cos(angle), scale * math.sin(angle)
        matrix = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
        matrix[:, 2] = size / 2 - matrix[:, :2] @ (self.x, self.y)
        return matrix

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the part of a width x height photo that the window touches, in whole pixels."""
        reach = self.side / 2 * (abs(math.cos(math.radians(self.degrees))) + abs(math.sin(math.radians(self.degrees))))
        left, top = max(0, math.floor(self.x - reach)), max(0, math.floor(self.y - reach))
        return left, top, min(width, math.ceil(self.x + reach)), min(height, math.ceil(self.y + reach))

    def within(self, width: int, height: int) -> "Window":
        """The window upright, at most as large as a photo's longer side, moved onto the photo as far as it fits."""
        side = min(self.side, float(max(width, height)))
        x, y = (
            min(max(place, side / 2), length - side / 2) if side <= length else length / 2
            for place, length in ((self.x, width), (self.y, height))
        )
        return Window(x, y, side)

    def look(self, image: NDArray[np.uint8], size: int) -> Floats:
        """What the window shows, as a network's input: float32 (1, 3, size, size), RGB in 0..1."""
        matrix = self.matrix(size)
        source = image
        shrink = size / self.side
        if shrink < 0.5:
            # Area averaging first, as bilinear sampling alone would alias.
            left, top, right, bottom = self.box(image.shape[1], image.shape[0])
            if right <= left or bottom <= top:
                return np.full((1, 3, size, size), np.float32(_OUTSIDE[0] / 255))
            width, height = _averaged(right - left, bottom - top, shrink)
            source = cv2.resize(image[top:bottom, left:right], (width, height), interpolation=cv2.INTER_AREA)
            back = np.array([[(right - left) / width, 0, left], [0, (bottom - top) / height, top], [0, 0, 1]])
            matrix = matrix @ back
        view = cv2.warpAffine(source, matrix, (size, size), flags=cv2.INTER_LINEAR, borderValue=_OUTSIDE)
        return cv2.dnn.blobFromImage(view, 1 / 255)  # type: ignore[no-any-return]

    def put_back(self, values: Floats, box: tuple[float, float, float, float], scale: float = 1.0) -> Floats:
        """Window values (size, size) seen from the photo: float32 over ``box``, 0 outside of the window.

        Args:
            values: in 0..1.
            box: left, top, right, bottom in photo pixels.
            scale: size of the answer against the photo.
        """
        left, top, right, bottom = box
        width, height = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
        to_photo = np.array([[(right - left) / width, 0, left], [0, (bottom - top) / height, top], [0, 0, 1]])
        matrix = self.matrix(values.shape[0]) @ to_photo
        # WARP_INVERSE_MAP: the matrix leads from the answer's pixels to the window's.
        return cv2.warpAffine(  # type: ignore[no-any-return]
            values, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=0.0
        )


def _averaged(width: int, height: int, shrink: float) -> tuple[int, int]:
    """A size to average pixels to before they are sampled at ``shrink`` of the first size, at most .5.

    Twice the sampled size, as the parsers were trained; of a large picture by a whole factor instead, see `whole_factor`.
    """
    if width * height <= _LARGE:
        return max(1, round(width * 2 * shrink)), max(1, round(height * 2 * shrink))
    most = math.floor(1 / shrink)
    factor = whole_factor(height, width, most, math.ceil(0.5 / shrink))
    factor = most if factor == 1 else factor
    return math.ceil(width / factor), math.ceil(height / factor)
