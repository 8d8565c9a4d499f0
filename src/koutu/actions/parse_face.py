"""ParseFace: the parts of one frontal face."""

import numpy as np
from numpy.typing import NDArray

from koutu.actions.outcome import Element, Outcome
from koutu.actions.upright import upright
from koutu.errors import Unsuitable
from koutu.vision.faces.face import Face
from koutu.vision.parsing.face_parts import face_parts
from koutu.vision.people.find_faces import find_faces

ALWAYS = ("skin", "l_brow", "r_brow", "l_eye", "r_eye", "nose", "u_lip", "l_lip")
ORDER = ("skin", "l_brow", "r_brow", "l_eye", "r_eye", "l_ear", "r_ear", "nose", "mouth", "u_lip", "l_lip")

_LEAST_FACE = 100  # pixels on each side, as the cloud asks
_LEAST_SHARE = 0.1  # of the photo's sides
_TURNED = 0.9  # nose tip off the eyes' middle, in eye distances: a profile
_OTHER_FACE = 0.6  # of the largest face: smaller ones are bystanders


@upright
def parse_face(image: NDArray[np.uint8]) -> Outcome:
    """Find the parts of the face in a photo, uint8 RGB (H, W, 3).

    Each element is named after its part (ORDER) and covers the whole canvas; left and right are the subject's own. Ears and the
    opening of the mouth are there only when they are visible.

    Raises:
        Unsuitable: there is no face, or several, or it is too small or turned away.
    """
    face = _only_face(image)
    parts = face_parts(image, face, ORDER)
    elements = [Element(alpha, name=name) for name, alpha in parts.items() if name in ALWAYS or alpha.any()]
    return Outcome(tuple(elements))


def _only_face(image: NDArray[np.uint8]) -> Face:
    height, width = image.shape[:2]
    faces = find_faces(image).faces
    if not faces:
        raise Unsuitable("No face was found in the image.")
    face = faces[0]
    if len(faces) > 1 and faces[1].size > _OTHER_FACE * face.size:
        count = sum(other.size > _OTHER_FACE * face.size for other in faces)
        raise Unsuitable(f"The image shows {count} faces; exactly one is needed.")
    # The detector's box ends at the brows, the cloud's at the hairline: it is about a fifth smaller.
    if min(face.width, face.height) * 1.25 < _LEAST_FACE:
        size = f"{face.width * 1.25:.0f}x{face.height * 1.25:.0f}"
        raise Unsuitable(f"The face is about {size} pixels large; at least {_LEAST_FACE}x{_LEAST_FACE} are needed.")
    if face.width * 1.25 < _LEAST_SHARE * width or face.height * 1.25 < _LEAST_SHARE * height:
        raise Unsuitable("The face takes less than a tenth of the image's width or height.")
    if abs(face.yaw) > _TURNED:
        raise Unsuitable("The face is turned away; a frontal one is needed.")
    return face
