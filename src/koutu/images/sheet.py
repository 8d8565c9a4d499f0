"""Contact sheets: pictures side by side, transparent ones on a checkerboard."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.picture import Picture

_GAP = 8
_SQUARE = 12
_LIGHT, _DARK = 235, 190


def checkerboard(height: int, width: int) -> NDArray[np.uint8]:
    """A grey checkerboard, uint8 RGB (height, width, 3)."""
    y, x = np.ogrid[:height, :width]
    light = ((y // _SQUARE + x // _SQUARE) & 1) == 0
    return np.repeat(np.where(light, _LIGHT, _DARK).astype(np.uint8)[..., None], 3, axis=2)


def contact_sheet(pictures: Sequence[Picture], columns: int, side: int) -> NDArray[np.uint8]:
    """Lay pictures out in rows, each shrunk to fit a square.

    Args:
        pictures: at least one.
        columns: pictures in a row.
        side: of the square, in pixels.

    Returns:
        uint8 RGB (H, W, 3).
    """
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * (side + _GAP) + _GAP, columns * (side + _GAP) + _GAP, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        tile = shrink(picture, side)
        top = _GAP + row * (side + _GAP) + (side - tile.shape[0]) // 2
        left = _GAP + column * (side + _GAP) + (side - tile.shape[1]) // 2
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return sheet


def shrink(picture: Picture, side: int) -> NDArray[np.uint8]:
    """A picture shrunk to fit a square of `side` pixels, on a checkerboard where it is transparent; uint8 RGB."""
    scale = min(1.0, side / max(picture.width, picture.height))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    rgb = picture.rgb.astype(np.float32)
    if picture.alpha is None:
        shrunk: NDArray[np.uint8] = np.rint(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)).astype(np.uint8)
        return shrunk
    # Colours are weighted by alpha while shrinking: those of invisible pixels must not bleed into edges.
    share = picture.alpha.astype(np.float32)[..., None] / 255
    blended = cv2.resize(rgb * share, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 3)
    alpha = cv2.resize(share, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], 1)
    tile: NDArray[np.uint8] = np.rint(blended + checkerboard(size[1], size[0]) * (1 - alpha)).astype(np.uint8)
    return tile
