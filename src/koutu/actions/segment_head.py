"""SegmentHead: one cutout per head, with its hair, ears, hat and glasses, ending at the neck."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.elements import largest_first, trimmed
from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Outcome
from koutu.actions.upright import upright
from koutu.vision.parsing.head_alpha import head_alpha
from koutu.vision.parsing.heads_from_behind import heads_from_behind
from koutu.vision.parsing.parse_head import HEAD, parse_whole_head
from koutu.vision.people.find_faces import find_faces


@in_frame
@upright
def segment_head(image: NDArray[np.uint8]) -> Outcome:
    """Cut out the heads in a photo, uint8 RGB (H, W, 3); largest first.

    Without any face, heads seen from behind are looked for. No head: an empty outcome.
    """
    faces, seen = find_faces(image)
    elements = []
    for face in faces:
        parsed = parse_whole_head(image, face, twice=face is faces[0])
        elements.append(trimmed(*head_alpha(image, face, faces, parsed, HEAD, seen)))
    if not faces:
        elements = [trimmed(*head) for head in heads_from_behind(image)]
    return Outcome(largest_first(elements))
