"""Skin and groups of garments on permissive weights alone: silhouettes and points of poses, and the colour of faces.

Rougher than the trained parser: hair is left to the heads, garments are told apart by height on the body alone.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.parsing.window import Window
from koutu.vision.people.pose import Pose, find_poses

Floats = NDArray[np.float32]

_SPREAD = 60.0  # variance of a skin's chroma, in 8-bit Cr and Cb
_TYPICAL = (152.0, 108.0)  # Cr and Cb of skin where no face tells


def permissive_people(image: NDArray[np.uint8], window: Window, classes: tuple[str, ...], size: int) -> Floats:
    """Probabilities of what people are and wear.

    Args:
        image: uint8 RGB (H, W, 3).
        window: the part of the photo to answer for, not turned.
        classes: names of the answer's classes, the first of them background.
        size: of the answer.

    Returns:
        float32 (len(classes), size, size), 0..1.
    """
    answer = np.zeros((len(classes), size, size), np.float32)
    view = np.rint(window.look(image, size)[0].transpose(1, 2, 0) * 255).astype(np.uint8)
    chroma = cv2.cvtColor(view, cv2.COLOR_RGB2YCrCb)[..., 1:].astype(np.float32)
    matrix = window.matrix(size)
    tone = _tone(image, chroma, matrix)
    bare = np.exp(-((chroma - tone) ** 2).sum(axis=2) / (2 * _SPREAD)).astype(np.float32)
    corner = window.x - window.side / 2, window.y - window.side / 2
    box = (round(corner[0]), round(corner[1]), round(corner[0] + window.side), round(corner[1] + window.side))
    rows = np.mgrid[:size, :size][0].astype(np.float32)
    for pose in find_poses(image):
        person = cv2.resize(pose.window.put_back(pose.silhouette, box, size / window.side), (size, size))
        hips, ankles = _height(pose, (23, 24), matrix), _height(pose, (27, 28), matrix)
        worn = person * (1 - bare)
        layers = {
            "skin": person * bare,
            "tops": worn * (rows < hips),
            "pants": worn * ((rows >= hips) & (rows < ankles)),
            "shoes": worn * (rows >= ankles),
        }
        for name, layer in layers.items():
            index = classes.index(name)
            answer[index] = np.maximum(answer[index], layer)
    answer[0] = np.clip(1 - answer[1:].sum(axis=0), 0, 1)
    return answer


def _tone(image: NDArray[np.uint8], chroma: Floats, matrix: NDArray[np.float64]) -> Floats:
    """Cr and Cb of the largest face's middle."""
    faces = detect_faces(image, tile_threshold=None)
    if not faces:
        return np.array(_TYPICAL, np.float32)
    x, y = matrix @ (*faces[0].centre, 1.0)
    reach = max(1.0, 0.2 * faces[0].size * float(np.hypot(*matrix[:, 0])))
    part = chroma[max(0, int(y - reach)) : int(y + reach) + 1, max(0, int(x - reach)) : int(x + reach) + 1]
    if not part.size:
        return np.array(_TYPICAL, np.float32)
    tone: Floats = np.median(part.reshape(-1, 2), axis=0).astype(np.float32)
    return tone


def _height(pose: Pose, points: tuple[int, int], matrix: NDArray[np.float64]) -> float:
    """The row of the middle of two points."""
    x, y = pose.points[list(points)].mean(axis=0)
    return float((matrix @ (x, y, 1.0))[1])
