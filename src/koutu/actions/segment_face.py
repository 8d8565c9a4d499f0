"""SegmentFace: one cutout per face alone, without ears, hair and neck."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.elements import largest_first, trimmed
from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Outcome
from koutu.actions.upright import upright
from koutu.vision.parsing.head_alpha import head_alpha
from koutu.vision.parsing.parse_head import FACE, head_window, parse_head
from koutu.vision.people.find_faces import find_faces


@in_frame
@upright
def segment_face(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the faces in a photo, uint8 RGB (H, W, 3); largest first.

    No face: an empty outcome.
    """
    faces, seen = find_faces(image)
    elements = []
    for face in faces:
        parsed = parse_head(image, head_window(face), twice=face is faces[0])
        elements.append(trimmed(*head_alpha(image, face, faces, parsed, FACE, seen)))
    return Outcome(largest_first(elements))
