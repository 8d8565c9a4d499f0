"""The 19 parts of a head, by our own parser trained on CelebAMask-HQ's classes (Lee et al. 2020)."""

import math

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed, run
from koutu.vision.faces.face import Face
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.permissive_head import permissive_head
from koutu.vision.parsing.window import Window

PARTS = (
    "background", "skin", "nose", "glasses", "l_eye", "r_eye", "l_brow", "r_brow", "l_ear", "r_ear",
    "mouth", "u_lip", "l_lip", "hair", "hat", "earring", "necklace", "neck", "cloth",
)  # fmt: skip
"""The parser's classes by their index; l_ and r_ are the subject's sides."""

FACE = ("skin", "nose", "glasses", "l_eye", "r_eye", "l_brow", "r_brow", "mouth", "u_lip", "l_lip")
HEAD = (*FACE, "l_ear", "r_ear", "hair", "hat", "earring")
BARE = ("skin", "nose", "l_eye", "r_eye", "l_brow", "r_brow", "l_ear", "r_ear", "mouth", "u_lip", "l_lip", "neck")

_SIDES = ("eye", "brow", "ear")
_OTHER_SIDE = {f"l_{part}": f"r_{part}" for part in _SIDES} | {f"r_{part}": f"l_{part}" for part in _SIDES}
_MIRRORED = [PARTS.index(_OTHER_SIDE.get(name, name)) for name in PARTS]
SIZE = 320
SPAN = 2.6
"""A head window's side in face sizes: hair, hat and shoulders are inside."""
_LIFT = 0.08  # the window's centre lies above the face's by this share of the face


def head_window(face: Face, span: float = SPAN) -> Window:
    """The upright window that frames the whole head of a face; its side spans ``span`` face sizes."""
    x, y = face.centre
    angle, lift = math.radians(face.roll), _LIFT * face.size
    return Window(x + math.sin(angle) * lift, y - math.cos(angle) * lift, span * face.size, face.roll)


def parse_head(image: NDArray[np.uint8], window: Window, *, twice: bool = False, span: float = SPAN) -> Parsed:
    """Parse the head in a window of a photo.

    Args:
        image: uint8 RGB (H, W, 3).
        window: as `head_window` framed it.
        twice: also look at the mirrored window and average the two answers: steadier, at twice the cost.
        span: what the window was framed with; the permissive parser asks.
    """
    if not allowed("face_parser"):
        return Parsed(window, PARTS, permissive_head(image, window, PARTS, SIZE, span, _LIFT))
    view = window.look(image, SIZE)
    answer = run("face_parser", {"image": view})["probabilities"][0]
    if twice:
        mirrored = run("face_parser", {"image": np.ascontiguousarray(view[..., ::-1])})["probabilities"][0]
        answer = (answer + mirrored[_MIRRORED][..., ::-1]) * np.float32(0.5)
    return Parsed(window, PARTS, answer)
