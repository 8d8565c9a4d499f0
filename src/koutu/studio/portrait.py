"""A portrait as an identity photo needs it: one person cut out, and where chin, crown and eyes are."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.errors import Unsuitable
from koutu.functions import Functions
from koutu.images.picture import Picture
from koutu.vision.faces.face import Face
from koutu.vision.faces.face_mesh import OUTLINES, face_mesh
from koutu.vision.people.find_faces import find_faces

Floats = NDArray[np.float32]

_SECOND_FACE = 0.5  # of the first one's size: a smaller face in the background is left out with its body
_LEAST_FACE = 40  # pixels
_CHIN, _NOSE_BRIDGE, _MOUTH = 152, 168, 13
_CROWN_BY_EYES = 1.0  # the skull's top lies as far above the eyes as the chin below them
_HAIR_ROOM = 0.18  # of that distance: hair up to here counts as the head, more of it does not


@dataclass(frozen=True, slots=True)
class Portrait:
    """One person.

    Attributes:
        rgba: float32 (H, W, 4), 0..1, foreground colours multiplied by alpha.
        eyes: the middle between the eyes, (x, y) in pixels.
        chin: (x, y).
        middle: (x, y) on the face's vertical middle line.
        roll: the turn of the head in degrees, positive clockwise.
        head: from chin to crown in pixels, measured along the head.
        hair: from chin to the highest hair or hat in pixels.
        yaw: how far the head is turned, 0 = frontal; see `Face.yaw`.
    """

    rgba: Floats
    eyes: tuple[float, float]
    chin: tuple[float, float]
    middle: tuple[float, float]
    roll: float
    head: float
    hair: float
    yaw: float


def see_portrait(picture: Picture, functions: Functions) -> Portrait:
    """Find the one person of a photo and cut them out.

    Args:
        picture: the photo.
        functions: what cuts: `koutu.here` or a client.

    Raises:
        Unsuitable: there is no face, it is too small or turned away, or there are several.
    """
    face = _only_face(find_faces(picture.rgb).faces)
    points = face_mesh(picture.rgb, *face.centre, face.size, face.roll)
    if points is None:
        raise Unsuitable("The face is turned away or hidden: an identity photo shows it from the front.")
    right, left = points[list(OUTLINES["r_eye"])].mean(axis=0), points[list(OUTLINES["l_eye"])].mean(axis=0)
    eyes = (right + left) / 2
    roll = math.degrees(math.atan2(left[1] - right[1], left[0] - right[0]))
    image = functions.segment_body(np.asarray(picture.opaque())).image
    rgba = np.asarray(image, np.uint8).astype(np.float32) / np.float32(255)
    rgba[..., 3] = _of_person(rgba[..., 3], points)
    rgba[..., :3] *= rgba[..., 3:]
    up = _up(roll)
    chin = points[_CHIN]
    below = float((eyes - chin) @ up)
    if below <= 0:
        raise Unsuitable("The face is upside down.")
    hair = _highest(rgba[..., 3], eyes, up, below) - float(chin @ up)
    crown = below * (1 + _CROWN_BY_EYES)
    head = min(max(hair, crown * 0.97), crown + _HAIR_ROOM * below)
    middle = (points[_NOSE_BRIDGE] + points[_MOUTH]) / 2
    return Portrait(rgba, _pair(eyes), _pair(chin), _pair(middle), roll, head, max(hair, head), face.yaw)


def _only_face(faces: list[Face]) -> Face:
    if not faces:
        raise Unsuitable("No face was found in the photo.")
    if len(faces) > 1 and faces[1].size > _SECOND_FACE * faces[0].size:
        raise Unsuitable("There are several faces in the photo: an identity photo shows one person.")
    if faces[0].size < _LEAST_FACE:
        raise Unsuitable(f"The face is only {faces[0].size:.0f} pixels large; {_LEAST_FACE} are the least.")
    return faces[0]


def _of_person(alpha: Floats, points: Floats) -> Floats:
    """The alpha of whoever the face belongs to: what hangs together with it."""
    solid = (alpha > 0.5).astype(np.uint8)
    count, labels = cv2.connectedComponents(solid)
    if count <= 2:
        return alpha
    height, width = alpha.shape
    x, y = np.clip(points.astype(int), 0, (width - 1, height - 1)).T
    own = np.bincount(labels[y, x], minlength=count)
    own[0] = 0
    if not own.any():
        raise Unsuitable("The person could not be cut out.")
    mine = (labels == own.argmax()).astype(np.uint8)
    reach = max(3, round(0.01 * max(height, width)))
    near = cv2.dilate(mine, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    others = (solid == 1) & (mine == 0)
    kept: Floats = np.where((near > 0) & ~others, alpha, np.float32(0))
    return kept


def _up(roll: float) -> Floats:
    """The head's upward direction in the photo, a unit vector (x, y)."""
    return np.array((math.sin(math.radians(roll)), -math.cos(math.radians(roll))), np.float32)


def _highest(alpha: Floats, eyes: Floats, up: Floats, below: float) -> float:
    """How far up hair or hat reach above the face, along `up`, in pixels."""
    y, x = np.nonzero(alpha > 0.5)
    along = (x - eyes[0]) * up[0] + (y - eyes[1]) * up[1]
    across = np.abs((x - eyes[0]) * up[1] - (y - eyes[1]) * up[0])
    above = along[(across < 0.7 * below) & (along > 0)]
    return float(eyes @ up) + (float(above.max()) if above.size else below)


def _pair(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])
