"""ChangeSky: the sky of a reference photo put into another, with the light made to fit."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Outcome
from koutu.errors import Unsuitable
from koutu.images.frame import framed
from koutu.vision.sky.change_sky import change_sky as put_sky
from koutu.vision.sky.sky_alpha import sky_alpha


@in_frame
def change_sky(image: NDArray[np.uint8], replacement: NDArray[np.uint8]) -> Outcome:
    """Change the sky.

    Args:
        image: uint8 RGB (H, W, 3), the photo whose sky goes.
        replacement: uint8 RGB (h, w, 3), the photo whose sky comes.

    Raises:
        Unsuitable: one of the photos shows no sky.
    """
    alpha = sky_alpha(image)
    if alpha is None:
        raise Unsuitable("No sky was found in the image (ImageURL).")
    if part := framed(replacement):
        replacement = np.ascontiguousarray(replacement[part])
    new = sky_alpha(replacement)
    if new is None:
        raise Unsuitable("No sky was found in the reference image (ReplaceImageURL).")
    return Outcome(picture=put_sky(image, alpha, replacement, new))
