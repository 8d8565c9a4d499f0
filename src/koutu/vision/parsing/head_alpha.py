"""Soft masks of parts of one head among others."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.vision.faces.face import Face
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.parsing.parsed import Parsed

Floats = NDArray[np.float32]

_WORK_SIDE = 640  # longer side of the map that is cleaned before it is enlarged
_LEAST_PATCH = 0.02  # of the largest patch: smaller ones are dropped


def head_alpha(
    image: NDArray[np.uint8], face: Face, faces: list[Face], parsed: Parsed, parts: tuple[str, ...]
) -> tuple[NDArray[np.uint8], int, int]:
    """Alpha of parts of a head.

    Args:
        image: uint8 RGB (H, W, 3).
        face: whose head it is.
        faces: all faces of the photo: what lies nearer to another one is that one's.
        parsed: the head's window.
        parts: of parse_head.PARTS.

    Returns:
        uint8 (h, w) over the window's part of the photo, and its left and top in the photo.
    """
    box = parsed.window.box(image.shape[1], image.shape[0])
    left, top, right, bottom = box
    scale = min(1.0, _WORK_SIDE / max(right - left, bottom - top))
    soft = parsed.window.put_back(parsed.of(*parts), box, scale)
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
    """Drop the patches (of what is over .5) that are smaller than ``least`` of the largest, with their soft surroundings."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((soft > 0.5).astype(np.uint8))
    if len(stats) <= 2:
        return soft
    areas = stats[1:, cv2.CC_STAT_AREA]
    dropped = np.isin(labels, 1 + np.flatnonzero(areas < least * areas.max())).astype(np.uint8)
    surroundings = cv2.dilate(dropped, np.ones((7, 7), np.uint8)) & (
        cv2.dilate((labels > 0).astype(np.uint8) - dropped, np.ones((7, 7), np.uint8)) ^ 1
    )
    kept: Floats = np.where((dropped | surroundings) > 0, np.float32(0), soft)
    return kept


def sharpened(soft: Floats, gain: float = 2.5) -> Floats:
    """Probabilities as alpha: 0 and 1 where the parser is sure, a ramp around .5."""
    ramp: Floats = np.clip((soft - np.float32(0.5)) * np.float32(gain) + np.float32(0.5), 0, 1)
    return ramp
