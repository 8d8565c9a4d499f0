"""The parts of a head on permissive weights alone: face points, filled as polygons, and hair by colour.

Rougher than the trained parser: no ears, hats, glasses and jewellery, and hair only around the face.
GrabCut: Rother et al. 2004.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_SIZE = 192
_ROOM = 1.6  # side of the landmark network's window in face sizes
_LEAST_PRESENCE = 0.5
_GRABCUT_SIDE = 160

# Points of MediaPipe's face mesh along outlines; left is the subject's.
_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
_OUTLINES: dict[str, tuple[int, ...]] = {
    "nose": (168, 188, 174, 198, 209, 129, 64, 98, 97, 2, 326, 327, 294, 358, 429, 420, 399, 412),
    "l_eye": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    "r_eye": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    "l_brow": (276, 283, 282, 295, 285, 336, 296, 334, 293, 300),
    "r_brow": (46, 53, 52, 65, 55, 107, 66, 105, 63, 70),
    "u_lip": (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78),
    "l_lip": (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95, 78),
    "mouth": (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
}


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
    layers = {name: _filled(points[list(outline)], size) for name, outline in _OUTLINES.items()}
    oval = _filled(points[list(_OVAL)], size)
    layers["hair"], layers["neck"] = _hair_and_neck(window.look(image, size), oval, points)
    rest = oval.copy()
    for name in _OUTLINES:
        layers[name] = np.minimum(layers[name], rest)
        rest = rest - layers[name]
    layers["skin"] = rest
    for name, layer in layers.items():
        answer[parts.index(name)] = layer
    answer[0] = np.clip(1 - answer[1:].sum(axis=0), 0, 1)
    return answer


def _points(image: NDArray[np.uint8], window: Window, size: int, span: float, lift: float) -> Floats | None:
    """The 468 points, float32 (468, 2), in pixels of the window at ``size``."""
    face = window.side / span
    angle = np.deg2rad(window.degrees)
    x, y = window.x - np.sin(angle) * lift * face, window.y + np.cos(angle) * lift * face
    near = Window(float(x), float(y), _ROOM * face, window.degrees)
    view = np.ascontiguousarray(near.look(image, _SIZE).transpose(0, 2, 3, 1))
    answer = run("face_landmark", {"input_1": view})
    if 1 / (1 + np.exp(-float(answer["conv2d_31"].reshape(-1)[0]))) < _LEAST_PRESENCE:
        return None
    inside = answer["conv2d_21"].reshape(468, 3)[:, :2]
    to_photo = np.linalg.inv(np.vstack([near.matrix(_SIZE), (0, 0, 1)]))
    to_window = window.matrix(size) @ to_photo
    points: Floats = (inside @ to_window[:, :2].T + to_window[:, 2]).astype(np.float32)
    return points


def _filled(outline: Floats, size: int) -> Floats:
    canvas = np.zeros((size, size), np.uint8)
    # 4 fractional bits: outlines of small parts need less than a pixel.
    cv2.fillPoly(canvas, [np.rint(outline * 16).astype(np.int32)], 255, lineType=cv2.LINE_AA, shift=4)
    return canvas.astype(np.float32) / np.float32(255)


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
