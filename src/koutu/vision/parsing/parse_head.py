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
_WIDE_SPAN = 3.6  # of a second look at heads whose hair or hat ends at the first window's upper edge
_CROWN = 0.12  # share of that edge
_LIFT = 0.08  # the window's centre lies above the face's by this share of the face


def head_window(face: Face, span: float = SPAN) -> Window:
    """The upright window that frames the whole head of a face; its side spans ``span`` face sizes."""
    x, y = face.centre
    angle, lift = math.radians(face.roll), _LIFT * face.size
    return Window(x + math.sin(angle) * lift, y - math.cos(angle) * lift, span * face.size, face.roll)


def parse_whole_head(image: NDArray[np.uint8], face: Face, *, twice: bool = False) -> Parsed:
    """Parse the head of a face: once more in a wider window where the first one cuts high hair or a hat.

    Args:
        image: uint8 RGB (H, W, 3).
        face: whose head it is.
        twice: as for `parse_head`.
    """
    parsed = parse_head(image, head_window(face), twice=twice)
    if not allowed("face_parser") or not cut_above(parsed, image.shape):
        return parsed
    return parse_head(image, head_window(face, _WIDE_SPAN), twice=twice, span=_WIDE_SPAN)


def cut_above(parsed: Parsed, shape: tuple[int, ...]) -> bool:
    """Whether hair or a hat lies on the window's upper edge, inside the photo."""
    size = parsed.probabilities.shape[1]
    crown = parsed.of("hair", "hat")[1] > 0.5
    edge = np.stack([np.arange(size), np.ones(size), np.ones(size)])
    x, y = (np.linalg.inv(np.vstack([parsed.window.matrix(size), (0, 0, 1)])) @ edge)[:2]
    inside = (x > 1) & (y > 1) & (x < shape[1] - 2) & (y < shape[0] - 2)
    return float((crown & inside).mean()) > _CROWN


def parse_head(
    image: NDArray[np.uint8], window: Window, *, twice: bool = False, mirrored: bool = False, span: float = SPAN
) -> Parsed:
    """Parse the head in a window of a photo.

    Args:
        image: uint8 RGB (H, W, 3).
        window: as `head_window` framed it.
        twice: also look at the mirrored window and average the two answers: steadier, at twice the cost.
        mirrored: look at the mirrored window alone.
        span: what the window was framed with; the permissive parser asks.
    """
    if not allowed("face_parser"):
        return Parsed(window, PARTS, permissive_head(image, window, PARTS, SIZE, span, _LIFT))
    view = window.look(image, SIZE)
    looks = [_asked(view)] if not mirrored else []
    if twice or mirrored:
        looks.append(_asked(np.ascontiguousarray(view[..., ::-1]))[_MIRRORED][..., ::-1])
    return Parsed(window, PARTS, looks[0] if len(looks) == 1 else (looks[0] + looks[1]) * np.float32(0.5))


def _asked(view: NDArray[np.float32]) -> NDArray[np.float32]:
    answer: NDArray[np.float32] = run("face_parser", {"image": view})["probabilities"][0]
    return answer
