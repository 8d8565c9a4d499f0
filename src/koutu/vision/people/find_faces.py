"""The faces of people in a photo: the face detector alone also finds some in dogs, ears and clocks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.faces.face import Face
from koutu.vision.parsing.outline_factor import seen_from
from koutu.vision.parsing.parse_head import head_window, parse_head
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window
from koutu.vision.people.rvm import rvm

_CERTAIN = 0.8  # score from which nobody else has to see it: the matting network leaves blurred passers-by out
_SEEN = 0.3  # mean alpha of people in a face's box that says that somebody is there
_LOOK = 32  # pixels on each side of the look at that box
_TILE = 0.6  # score from which a small face is looked at more closely: many are hands
_LEAST_FEATURES, _LEAST_HAIR = 0.004, 0.02  # of a head's window: what eyes, nose and mouth take, and hair or hat
_FEATURES = ("nose", "glasses", "l_eye", "r_eye", "l_brow", "r_brow", "mouth", "u_lip", "l_lip")


class FoundFaces(NamedTuple):
    """The faces of people, largest first, and the matting network's view of the whole photo; None = it was not asked."""

    faces: list[Face]
    seen: Parsed | None


def find_faces(image: NDArray[np.uint8], seen: Parsed | None = None, *, tiles: bool = True) -> FoundFaces:
    """Find the faces of people: the certain ones, and others where the matting network sees somebody.

    A small one that is less certain must also have a face's features and hair or a hat, as the head parser sees it.

    Args:
        image: uint8 RGB (H, W, 3).
        seen: what `rvm` sees in the whole photo, where it is known; else it is asked where there are faces.
        tiles: whether to look for small faces, too.
    """
    asked = allowed("rvm") and allowed("face_parser")
    least = (_TILE if asked else _CERTAIN) if tiles else None
    faces = detect_faces(image, tile_threshold=least)
    if asked and faces:
        seen = seen or rvm(image)
        faces = [face for face in faces if face.score >= _CERTAIN or (is_seen(face, seen) and _is_clear(image, face))]
    return FoundFaces(faces, seen)


def is_seen(face: Face, seen: Parsed) -> bool:
    """Whether the matting network, whose view of the whole photo is ``seen``, sees somebody where a face was found."""
    return float(seen_from(Window(*face.centre, face.size), seen, _LOOK).mean()) >= _SEEN


def _is_clear(image: NDArray[np.uint8], face: Face) -> bool:
    return not face.tiled or features(image, face) > 0


def features(image: NDArray[np.uint8], face: Face) -> float:
    """How clear a face is: which part of its head's window eyes, brows, nose and mouth take, as the head parser sees them.

    0 for what is hardly a face: without these, or without hair or a hat. Many are hands.
    """
    head = parse_head(image, head_window(face))
    crown, inner = float((head.of("hair", "hat") > 0.5).mean()), float((head.of(*_FEATURES) > 0.5).mean())
    return inner if crown >= _LEAST_HAIR and inner >= _LEAST_FEATURES else 0.0
