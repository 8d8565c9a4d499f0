"""The mask head: which pixels belong to the thing in a box."""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.both_ways import both_ways, probabilities
from koutu.vision.objects.thing import GROUPS, Box, Group

SIDE = 256
MARGIN = 0.25
_LEAST_SIDE = 32.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The head's answer on its window of the photo.

    Attributes:
        window: the part of the photo that was looked at.
        probability: float32 (SIDE, SIDE), 0..1, on the window stretched to a square.
    """

    window: Box
    probability: NDArray[np.float32]

    def on_canvas(self, width: int, height: int) -> NDArray[np.float32]:
        """The probability on the photo's canvas, float32 (height, width); 0 outside the window."""
        side = self.probability.shape[0]
        sx, sy = (self.window.right - self.window.left) / side, (self.window.bottom - self.window.top) / side
        back = np.array([[sx, 0, self.window.left + (sx - 1) / 2], [0, sy, self.window.top + (sy - 1) / 2]], np.float64)
        canvas: NDArray[np.float32] = cv2.warpAffine(
            self.probability, back, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        x0, y0 = max(0, int(self.window.left)), max(0, int(self.window.top))
        inside = np.zeros_like(canvas)
        box = slice(y0, int(np.ceil(self.window.bottom))), slice(x0, int(np.ceil(self.window.right)))
        inside[box] = canvas[box]
        return inside


def ask_mask(image: NDArray[np.uint8], box: Box, group: Group) -> Answer:
    """Ask which pixels belong to a thing.

    Args:
        image: uint8 RGB (H, W, 3).
        box: of the thing.
        group: what it is.

    Raises:
        ModelFault: the model is missing.
    """
    height, width = image.shape[:2]
    window = around(box, width, height)
    x0, y0 = int(window.left), int(window.top)
    x1, y1 = int(np.ceil(window.right)), int(np.ceil(window.bottom))
    window = Box(x0, y0, x1, y1)
    crop = cv2.resize(
        image[y0:y1, x0:x1], (SIDE, SIDE), interpolation=cv2.INTER_AREA if (x1 - x0) * (y1 - y0) > SIDE**2 else cv2.INTER_LINEAR
    )
    question = np.zeros((1, 4 + len(GROUPS), SIDE, SIDE), np.float32)
    question[0, :3] = crop.transpose(2, 0, 1) * np.float32(1 / 255)
    sx, sy = SIDE / (x1 - x0), SIDE / (y1 - y0)
    rows = slice(max(0, round((box.top - y0) * sy)), max(0, round((box.bottom - y0) * sy)))
    columns = slice(max(0, round((box.left - x0) * sx)), max(0, round((box.right - x0) * sx)))
    question[0, 3, rows, columns] = 1
    question[0, 4 + GROUPS.index(group)] = 1
    return Answer(window, both_ways(partial(probabilities, "things_mask"), question)[1])


def around(box: Box, width: int, height: int) -> Box:
    """The window around a box: a margin on every side, at most 1 : 2, inside the photo."""
    w = (box.right - box.left) * (1 + 2 * MARGIN)
    h = (box.bottom - box.top) * (1 + 2 * MARGIN)
    w, h = max(w, h / 2, _LEAST_SIDE), max(h, w / 2, _LEAST_SIDE)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return Box(max(0.0, x - w / 2), max(0.0, y - h / 2), min(float(width), x + w / 2), min(float(height), y + h / 2))
