"""The parts of one face, each pixel in one of them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.face import Face
from koutu.vision.parsing.parse_head import PARTS, head_window, parse_head

Floats = NDArray[np.float32]

_NEAR_SPAN = 1.7  # side of the close look in face sizes: the face alone
_WORK_SIDE = 1024


def face_parts(image: NDArray[np.uint8], face: Face, names: tuple[str, ...]) -> dict[str, NDArray[np.uint8]]:
    """Alpha of parts of a face.

    The head is parsed twice, from afar (ears, hair and neck in view) and from near (small parts are larger there); the two
    answers are averaged where both see.

    Args:
        image: uint8 RGB (H, W, 3).
        face: where to look.
        names: of parse_head.PARTS.

    Returns:
        uint8 (H, W) by name, in the order of ``names``; a pixel counts for its most probable part alone.
    """
    height, width = image.shape[:2]
    far = parse_head(image, head_window(face), twice=True)
    near = parse_head(image, head_window(face, _NEAR_SPAN), twice=True)
    box = far.window.box(width, height)
    left, top, right, bottom = box
    scale = min(1.0, _WORK_SIDE / max(right - left, bottom - top))
    size = near.probabilities.shape[1]
    ramp = np.clip(np.minimum(np.arange(size), np.arange(size)[::-1]) / (0.15 * size), 0, 1)
    weight = 0.5 * near.window.put_back(np.minimum(ramp[:, None], ramp[None, :]).astype(np.float32), box, scale)
    scores = np.empty((len(PARTS), *weight.shape), np.float32)
    for index in range(len(PARTS)):
        wide = far.window.put_back(far.probabilities[index], box, scale)
        scores[index] = wide + weight * (near.window.put_back(near.probabilities[index], box, scale) - wide)
    # Beyond the window there is background.
    np.maximum(scores[0], 1 - far.window.put_back(np.ones((size, size), np.float32), box, scale), out=scores[0])
    return {name: _alpha(scores, PARTS.index(name), box, (height, width)) for name in names}


def _alpha(scores: Floats, index: int, box: tuple[int, int, int, int], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """One class against the strongest other one, enlarged: 255 where it wins clearly, half where they are even."""
    others = np.delete(scores, index, axis=0).max(axis=0)
    margin = np.clip((scores[index] - others) * np.float32(2) + np.float32(0.5), 0, 1)
    left, top, right, bottom = box
    alpha = np.zeros(shape, np.uint8)
    if float(margin.max()) > 0.5:
        large = cv2.resize(margin, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
        alpha[top:bottom, left:right] = (large * 255).astype(np.uint8)  # rounded down: two even parts claim a pixel for neither
    return alpha
