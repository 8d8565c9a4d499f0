"""Another photo's sky behind a photo's land."""

import numpy as np
from numpy.typing import NDArray

from koutu.images.foreground import ForegroundRows
from koutu.images.over import over
from koutu.vision.sky.fit_sky import fit_sky
from koutu.vision.sky.relight import land_gain, relight

Bytes = NDArray[np.uint8]

_BAND_ROWS = 256


def change_sky(image: Bytes, alpha: Bytes, reference: Bytes, reference_alpha: Bytes) -> Bytes:
    """Put the reference's sky into the photo.

    The land keeps its own colours at soft edges (no halo of the old sky is left) and takes on the new sky's light. Water keeps
    its reflections: they are relit with the land, not replaced.

    Args:
        image: uint8 RGB (H, W, 3).
        alpha: uint8 (H, W) of its sky.
        reference: uint8 RGB (h, w, 3).
        reference_alpha: uint8 (h, w) of its sky.

    Returns:
        uint8 RGB (H, W, 3).
    """
    sky = fit_sky(reference, reference_alpha, alpha)
    gain = land_gain(image, alpha, sky)
    land_alpha = 255 - alpha
    rows = ForegroundRows(image, land_alpha)
    out = np.empty_like(image)
    for top in range(0, image.shape[0], _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, image.shape[0])
        land = relight(rows(top, bottom)[..., :3], gain)
        out[top:bottom] = over(land, land_alpha[top:bottom], sky[top:bottom])
    return out
