"""Soft masks of parts of one head among others."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.face import Face
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.parsing.outline_factor import outline_factor
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.people.find_faces import is_seen

Floats = NDArray[np.float32]

_WORK_SIDE = 640  # longer side of the map that is cleaned before it is enlarged
_LEAST_PATCH = 0.02  # of the largest patch: smaller ones are dropped
_SURROUNDINGS = 0.02  # of the longer side: how far from a patch its soft edge reaches


def head_alpha(
    image: NDArray[np.uint8], face: Face, faces: list[Face], parsed: Parsed, parts: tuple[str, ...], seen: Parsed | None
) -> tuple[NDArray[np.uint8], int, int]:
    """Alpha of parts of a head.

    Args:
        image: uint8 RGB (H, W, 3).
        face: whose head it is.
        faces: all faces of the photo: what lies nearer to another one is that one's.
        parsed: the head's window.
        parts: of parse_head.PARTS.
        seen: the matting network's view of the whole photo; None = the parser alone says where the person ends.

    Returns:
        uint8 (h, w) over the window's part of the photo, and its left and top in the photo.
    """
    box = parsed.window.box(image.shape[1], image.shape[0])
    left, top, right, bottom = box
    scale = min(1.0, _WORK_SIDE / max(right - left, bottom - top))
    shown = parsed.of(*parts)
    if seen and is_seen(face, seen):
        shown *= outline_factor(parsed, seen)
    soft = parsed.window.put_back(shown, box, scale)
    soft *= nearest(face, faces, box, scale, (soft.shape[0], soft.shape[1]))
    soft = main_patches(soft, _LEAST_PATCH)
    return guided_upsample(sharpened(soft), image[top:bottom, left:right]), left, top


def nearest(face: Face, faces: list[Face], box: tuple[int, int, int, int], scale: float, shape: tuple[int, int]) -> Floats:
    """1 where ``face`` is the nearest of the faces, distances counted in face sizes; float32 ``shape`` over ``box``."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    x, y = columns / scale + box[0], rows / scale + box[1]

    def distance(other: Face) -> Floats:
        centre_x, centre_y = other.centre
        away: Floats = np.hypot(x - np.float32(centre_x), y - np.float32(centre_y)) / np.float32(other.size)
        return away

    own = distance(face)
    mine = np.ones(shape, np.float32)
    for other in faces:
        if other is not face:
            mine[distance(other) < own] = 0
    return mine


def main_patches(soft: Floats, least: float) -> Floats:
    """Keep the patches (of what is over .5) that are at least ``least`` of the largest, with their soft surroundings alone."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((soft > 0.5).astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    large = (areas >= max(1, least * areas.max()))[labels].astype(np.uint8)
    reach = max(3, round(_SURROUNDINGS * max(soft.shape)))
    near = cv2.dilate(large, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    # A crumb beside a large patch is still one.
    kept: Floats = np.where((near > 0) & ((large > 0) | (soft <= 0.5)), soft, np.float32(0))
    return kept


def sharpened(soft: Floats, gain: float = 2.5) -> Floats:
    """Probabilities as alpha: 0 and 1 where the parser is sure, a ramp around .5."""
    ramp: Floats = np.clip((soft - np.float32(0.5)) * np.float32(gain) + np.float32(0.5), 0, 1)
    return ramp
