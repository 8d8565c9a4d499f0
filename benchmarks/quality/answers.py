"""What an action found in a photo, all its elements together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Outcome
from koutu.errors import Unsuitable

Action = Callable[[NDArray[np.uint8]], Outcome]


def union(action: Action, photo: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """All that an action finds in a photo uint8 (H, W, 3), as one mask bool (H, W); empty where it refuses."""
    mask = np.zeros(photo.shape[:2], bool)
    try:
        outcome = action(photo)
    except Unsuitable:
        return mask
    for element in outcome.elements:
        mask[element.y : element.y + element.height, element.x : element.x + element.width] |= element.alpha > 127
    return mask
