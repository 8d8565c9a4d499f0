"""The return forms: from colours and alpha to a result picture, encoded or as an array."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.contract import Form
from koutu.images.bounds import bounds
from koutu.images.foreground import ForegroundRows
from koutu.images.over import over
from koutu.images.png import Rows, encode_png

Bytes = NDArray[np.uint8]

CHANNELS = {Form.RGBA: 4, Form.CROP: 4, Form.WHITE: 3, Form.MASK: 1}


def visible_box(alpha: Bytes) -> tuple[int, int, int, int]:
    """The smallest box (left, top, right, bottom) of all pixels with alpha over 0; the whole canvas if there is none."""
    rows, columns = bounds(alpha)
    if rows.stop == 0:
        return 0, 0, alpha.shape[1], alpha.shape[0]
    return columns.start, rows.start, columns.stop, rows.stop


class Composition:
    """A cut-out picture in one return form, made a band of rows at a time.

    Args:
        rgb: uint8 (H, W, 3), the picture.
        alpha: uint8 (H, W).
        form: rgba, crop, white or mask.
        pure: `rgb` holds foreground colours already; else they are estimated where alpha is soft.
        backdrop: uint8 (H, W, 3), what the cut-out lies on, whatever the form; None = what the form says.

    Attributes:
        width, height: size of the result in pixels.
        channels: 4 (RGBA), 3 (RGB) or 1.
    """

    def __init__(self, rgb: Bytes, alpha: Bytes, form: Form, *, pure: bool = False, backdrop: Bytes | None = None) -> None:
        if form is Form.CROP:
            left, top, right, bottom = visible_box(alpha)
            box = slice(top, bottom), slice(left, right)
            rgb, alpha, backdrop = rgb[box], alpha[box], None if backdrop is None else backdrop[box]
        self._alpha = alpha
        self.height, self.width = alpha.shape
        self.channels = CHANNELS[form] if backdrop is None else 3
        self._rows = self._rows_of(rgb, form, pure, backdrop)

    def _rows_of(self, rgb: Bytes, form: Form, pure: bool, backdrop: Bytes | None) -> Rows:
        alpha = self._alpha
        if form is Form.MASK and backdrop is None:
            return lambda top, bottom: alpha[top:bottom]
        cut: Rows = partial(_with_alpha, rgb, alpha) if pure else ForegroundRows(rgb, alpha)
        if backdrop is None and form is not Form.WHITE:
            return cut
        ground = np.broadcast_to(np.uint8(255), rgb.shape) if backdrop is None else backdrop
        return lambda top, bottom: over(cut(top, bottom)[..., :3], alpha[top:bottom], ground[top:bottom])

    def encode(self) -> bytes:
        """The picture as a PNG file."""
        return encode_png(self._rows, self.width, self.height, self.channels)

    def array(self) -> Bytes:
        """The picture as uint8 (height, width) for a mask, else (height, width, channels)."""
        return self._rows(0, self.height)


def _with_alpha(rgb: Bytes, alpha: Bytes, top: int, bottom: int) -> Bytes:
    rgba: Bytes = cv2.cvtColor(rgb[top:bottom], cv2.COLOR_RGB2RGBA)
    rgba[..., 3] = alpha[top:bottom]
    return rgba
