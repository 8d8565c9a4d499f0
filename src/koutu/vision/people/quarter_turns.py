"""Photos that lie on their side or stand on their head: cameras write how they were held, and much software forgets it."""

import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import within
from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.faces.face import Face
from koutu.vision.people.find_faces import features

_CERTAIN = 0.85  # score of an upright face that needs no comparison
_LEAST = 0.75  # score of a face in the turned photo
_GAIN = 0.1  # by how much it must be surer than the photo's upright faces
_CLEARER = 1.5  # so many times as much of it must be clear to the head parser: upright profiles are hard to tell
_UPRIGHT = 45.0  # degrees of roll
_SIDE = 768  # longer side of the copy that is turned


def quarter_turns(image: NDArray[np.uint8]) -> int:
    """How many quarter turns counter-clockwise (`numpy.rot90`) make the faces of a photo upright.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        0..3; 0 as well where there is no face, or no turned one is surer.
    """
    small = within(image, _SIDE)
    upright = _best(small)
    known = upright.score if upright else 0.0
    if known >= _CERTAIN:
        return 0
    views = {turns: np.ascontiguousarray(np.rot90(small, turns)) for turns in (1, 2, 3)}
    turned = {
        turns: face for turns, view in views.items() if (face := _best(view)) and face.score >= max(_LEAST, known + _GAIN)
    }
    if not turned:
        return 0
    # Of a face that lies the detector may see another turn: how much of it the parser knows tells which is right.
    clear = {turns: features(views[turns], face) for turns, face in turned.items()}
    best = max(clear, key=lambda turns: clear[turns])
    return best if clear[best] > (_CLEARER * features(small, upright) if upright else 0.0) else 0


def _best(image: NDArray[np.uint8]) -> Face | None:
    """The surest of the upright faces in a photo; small ones do not count."""
    upright = [face for face in detect_faces(image, tile_threshold=None) if abs(face.roll) < _UPRIGHT]
    return max(upright, key=lambda face: face.score, default=None)
