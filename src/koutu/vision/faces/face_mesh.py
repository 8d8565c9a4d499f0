"""The 468 points of a face: MediaPipe's face mesh (Kartynnik et al. 2019, arXiv:1907.06724)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_SIZE = 192
_ROOM = 1.6  # side of the network's window in face sizes
_LEAST_PRESENCE = 0.5

# Points along outlines; left is the subject's.
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
OUTLINES: dict[str, tuple[int, ...]] = {
    "nose": (168, 188, 174, 198, 209, 129, 64, 98, 97, 2, 326, 327, 294, 358, 429, 420, 399, 412),
    "l_eye": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    "r_eye": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    "l_brow": (276, 283, 282, 295, 285, 336, 296, 334, 293, 300),
    "r_brow": (46, 53, 52, 65, 55, 107, 66, 105, 63, 70),
    "u_lip": (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78),
    "l_lip": (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95, 78),
    "mouth": (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
}


def face_mesh(image: NDArray[np.uint8], x: float, y: float, face: float, degrees: float) -> Floats | None:
    """The points of the face around (x, y).

    Args:
        image: uint8 RGB (H, W, 3).
        x: the face's centre,
        y: in pixels.
        face: its size in pixels.
        degrees: its roll.

    Returns:
        float32 (468, 2), x and y in pixels of the image; None where the network sees no face, as in profiles.
    """
    window = Window(x, y, _ROOM * face, degrees)
    view = np.ascontiguousarray(window.look(image, _SIZE).transpose(0, 2, 3, 1))
    answer = run("face_landmark", {"input_1": view})
    if 1 / (1 + np.exp(-float(answer["conv2d_31"].reshape(-1)[0]))) < _LEAST_PRESENCE:
        return None
    inside = answer["conv2d_21"].reshape(468, 3)[:, :2]
    to_photo = np.linalg.inv(np.vstack([window.matrix(_SIZE), (0, 0, 1)]))
    points: Floats = (inside @ to_photo[:2, :2].T + to_photo[:2, 2]).astype(np.float32)
    return points


def filled(points: Floats, outline: tuple[int, ...], height: int, width: int) -> Floats:
    """The inside of an outline with smooth edges, float32 (height, width), 0..1; points in pixels of that canvas."""
    canvas = np.zeros((height, width), np.uint8)
    # 4 fractional bits: outlines of small parts need less than a pixel.
    cv2.fillPoly(canvas, [np.rint(points[list(outline)] * 16).astype(np.int32)], 255, lineType=cv2.LINE_AA, shift=4)
    return canvas.astype(np.float32) / np.float32(255)
