"""People with soft edges, by RVM on one photo.

Lin et al., "Robust High-Resolution Video Matting with Temporal Guidance" (WACV 2022).
"""

import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window

SIZE = 512


def rvm(image: NDArray[np.uint8], window: Window | None = None) -> Parsed:
    """Alpha of the people in a photo as the class "person".

    Args:
        image: uint8 RGB (H, W, 3).
        window: where to look; None = at the whole photo.

    Raises:
        ModelFault: the model is not installed.
    """
    height, width = image.shape[:2]
    window = window or Window(width / 2, height / 2, float(max(height, width)))
    answer = run("rvm", {"src": window.look(image, SIZE)})
    return Parsed(window, ("person",), np.clip(answer["754"][0], 0, 1))
