"""People with soft edges, by RVM on one photo.

Lin et al., "Robust High-Resolution Video Matting with Temporal Guidance" (WACV 2022).
"""

import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.both_ways import both_ways
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window

SIZE = 512


def rvm(image: NDArray[np.uint8], window: Window | None = None, *, twice: bool = False, once: Parsed | None = None) -> Parsed:
    """Alpha of the people in a photo as the class "person".

    Args:
        image: uint8 RGB (H, W, 3).
        window: where to look; None = at the whole photo.
        twice: also look at the mirrored window and average the two answers: steadier, at twice the cost.
        once: what this gave without ``twice``, where that is known: only the mirrored window is looked at then.

    Raises:
        ModelFault: the model is not installed.
    """
    height, width = image.shape[:2]
    window = window or Window(width / 2, height / 2, float(max(height, width)))
    view = window.look(image, SIZE)
    seen = once.probabilities if once else None
    return Parsed(window, ("person",), both_ways(_alpha, view, seen) if twice else _alpha(view))


def _alpha(view: NDArray[np.float32]) -> NDArray[np.float32]:
    alpha: NDArray[np.float32] = np.clip(run("rvm", {"src": view})["754"][0], 0, 1)
    return alpha
