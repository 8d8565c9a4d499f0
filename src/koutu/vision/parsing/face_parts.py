"""The parts of one face, each pixel in one of them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.face import Face
from koutu.vision.parsing.parse_head import PARTS, SPAN, head_window, parse_head
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_NEAR_SPANS = (1.6, 1.3)  # sides of the closer looks in face sizes: little more than the face alone
_CANVAS = 512  # side of the window on which the looks are joined: there the closest one nearly keeps its pixels
_RAMP = 0.15  # of a closer look's side: over it the look gains its say
_GAIN = np.float32(2)


def face_parts(image: NDArray[np.uint8], face: Face, names: tuple[str, ...]) -> dict[str, NDArray[np.uint8]]:
    """Alpha of parts of a face.

    The head is parsed from afar (ears, hair and neck in view) and from nearer and nearer (small parts are larger there); the
    answers are averaged where they see the same.

    Args:
        image: uint8 RGB (H, W, 3).
        face: where to look.
        names: of parse_head.PARTS.

    Returns:
        uint8 (H, W) by name, in the order of ``names``; a pixel counts for its most probable part alone.
    """
    window = head_window(face)
    far = parse_head(image, window, twice=True).probabilities
    near = [parse_head(image, head_window(face, span), twice=True, span=span).probabilities for span in _NEAR_SPANS]
    margins = _margins(_joined(far, near), [PARTS.index(name) for name in names])
    return {name: _alpha(margin, window, image.shape[:2]) for name, margin in zip(names, margins, strict=True)}


def _joined(far: Floats, near: list[Floats]) -> Floats:
    """All looks on the window of the first, float32 (classes, _CANVAS, _CANVAS): they share centre and turn."""
    scores = np.empty((len(far), _CANVAS, _CANVAS), np.float32)
    for index, wide in enumerate(far):
        cv2.resize(wide, (_CANVAS, _CANVAS), dst=scores[index], interpolation=cv2.INTER_LINEAR)
    counted = np.ones((_CANVAS, _CANVAS), np.float32)
    for span, look in zip(_NEAR_SPANS, near, strict=True):
        side = round(_CANVAS * span / SPAN)
        start = (_CANVAS - side) // 2
        inner = np.s_[start : start + side, start : start + side]
        edge = np.clip(np.minimum(np.arange(side), np.arange(side)[::-1]) / (_RAMP * side), 0, 1).astype(np.float32)
        weight = np.minimum(edge[:, None], edge[None, :])
        counted[inner] += weight
        share = weight / counted[inner]
        for plane, close in zip(scores, look, strict=True):
            plane[inner] += share * (cv2.resize(close, (side, side), interpolation=cv2.INTER_LINEAR) - plane[inner])
    return scores


def _margins(scores: Floats, wanted: list[int]) -> list[Floats]:
    """Each wanted class against the strongest other one: 1 where it wins clearly, half where they are even."""
    owner = scores.argmax(axis=0)
    first = scores.max(axis=0)
    second = np.full_like(first, -np.inf)
    for index, plane in enumerate(scores):
        np.maximum(second, np.where(owner == index, np.float32(-np.inf), plane), out=second)
    margins = []
    for index in wanted:
        others = np.where(owner == index, second, first)
        margins.append(np.clip((scores[index] - others) * _GAIN + np.float32(0.5), 0, 1))
    return margins


def _alpha(margin: Floats, window: Window, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A margin on the window as alpha over the whole photo."""
    alpha = np.zeros(shape, np.uint8)
    if float(margin.max()) > 0.5:
        left, top, right, bottom = box = window.box(shape[1], shape[0])
        # Rounded down: two even parts claim a pixel for neither.
        alpha[top:bottom, left:right] = window.put_back(margin, box) * np.float32(255)
    return alpha
