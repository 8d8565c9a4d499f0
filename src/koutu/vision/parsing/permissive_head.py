"""The parts of a head on permissive weights alone: face points, filled as polygons, and hair by colour.

Rougher than the trained parser: no ears, hats, glasses and jewellery, and hair only around the face.
GrabCut: Rother et al. 2004.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.face_mesh import OUTLINES, OVAL, face_mesh, filled
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_GRABCUT_SIDE = 160


def permissive_head(
    image: NDArray[np.uint8], window: Window, parts: tuple[str, ...], size: int, span: float, lift: float
) -> Floats:
    """Probabilities of a head's parts.

    Args:
        image: uint8 RGB (H, W, 3).
        window: upright, the face at its middle but for the lift.
        parts: names of the answer's classes, the first of them background.
        size: of the answer.
        span: the window's side in face sizes.
        lift: how far the window's centre lies above the face's, in face sizes.

    Returns:
        float32 (len(parts), size, size), 0..1; background alone where no face is.
    """
    answer = np.zeros((len(parts), size, size), np.float32)
    points = _points(image, window, size, span, lift)
    if points is None:
        answer[0] = 1
        return answer
    layers = {name: filled(points, outline, size, size) for name, outline in OUTLINES.items()}
    oval = filled(points, OVAL, size, size)
    layers["hair"], layers["neck"] = _hair_and_neck(window.look(image, size), oval, points)
    rest = oval.copy()
    for name in OUTLINES:
        layers[name] = np.minimum(layers[name], rest)
        rest = rest - layers[name]
    layers["skin"] = rest
    for name, layer in layers.items():
        answer[parts.index(name)] = layer
    answer[0] = np.clip(1 - answer[1:].sum(axis=0), 0, 1)
    return answer


def _points(image: NDArray[np.uint8], window: Window, size: int, span: float, lift: float) -> Floats | None:
    """The points of the face mesh, float32 (468, 2), in pixels of the window at ``size``."""
    face = window.side / span
    angle = np.deg2rad(window.degrees)
    x, y = window.x - np.sin(angle) * lift * face, window.y + np.cos(angle) * lift * face
    points = face_mesh(image, float(x), float(y), face, window.degrees)
    if points is None:
        return None
    to_window = window.matrix(size)
    moved: Floats = (points @ to_window[:, :2].T + to_window[:, 2]).astype(np.float32)
    return moved


def _hair_and_neck(view: Floats, oval: Floats, points: Floats) -> tuple[Floats, Floats]:
    """What looks like the head but lies outside of its oval: above the chin hair, below it neck."""
    size = oval.shape[0]
    photo = np.rint(cv2.resize(view[0].transpose(1, 2, 0), (_GRABCUT_SIDE, _GRABCUT_SIDE)) * 255).astype(np.uint8)
    scale = _GRABCUT_SIDE / size
    face = cv2.resize(oval, (_GRABCUT_SIDE, _GRABCUT_SIDE)) > 0.5
    top, chin = points[10] * scale, points[152] * scale
    height = float(np.hypot(*(chin - top)))
    rows, columns = np.mgrid[:_GRABCUT_SIDE, :_GRABCUT_SIDE].astype(np.float32)
    centre = top + 0.3 * (chin - top)
    away = np.hypot((columns - centre[0]) / 0.95, rows - centre[1]) / height
    below = rows > chin[1]
    seeds = np.full(face.shape, cv2.GC_BGD, np.uint8)
    seeds[away < 1.0] = cv2.GC_PR_BGD
    seeds[(away < 0.72) & ~below] = cv2.GC_PR_FGD
    throat = below & (rows < chin[1] + 0.35 * height) & (np.abs(columns - chin[0]) < 0.3 * height)
    seeds[throat] = cv2.GC_PR_FGD
    seeds[face] = cv2.GC_FGD
    cv2.setRNGSeed(1)
    cv2.grabCut(photo, seeds, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    whole = ((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD)).astype(np.float32)
    outside = cv2.GaussianBlur(whole, (0, 0), 1.2) * (1 - face)
    hair = cv2.resize((outside * ~below).astype(np.float32), (size, size)) * (1 - oval)
    neck = cv2.resize((outside * throat).astype(np.float32), (size, size)) * (1 - oval)
    return hair, neck
