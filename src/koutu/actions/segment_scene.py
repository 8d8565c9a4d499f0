"""SegmentScene: every pixel of an outdoor photo labelled as one of the contract's scene classes."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Outcome
from koutu.vision.scenes.label_scene import joined_probabilities, label_scene


@in_frame
def segment_scene(image: NDArray[np.uint8]) -> Outcome:
    """Label a photo, uint8 RGB (H, W, 3); a label is the class's index in the contract's list."""
    height, width = image.shape[:2]
    return Outcome(labels=label_scene(joined_probabilities(image), width, height))
