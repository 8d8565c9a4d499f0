"""The hair of each person in a photo, with soft edges."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.bounds import bounds
from koutu.vision.faces.face import Face
from koutu.vision.matting.refine_band import refine_band
from koutu.vision.parsing.hair_and_skin import hair_and_skin
from koutu.vision.parsing.head_alpha import nearest

Floats = NDArray[np.float32]

_LEAST = 0.0008  # of the photo: smaller patches are no hair
_SOLVED_SIDE = 384
_BAND = 0.008
_HOLD = 0.03
_SURE = 0.9
_LEAST_OF_FACE = 0.03  # of the square of the face's size: less beside a face is no hair
_LEAST_OF_LARGEST = 0.03  # of a person's largest patch: less is a microphone, an earring, a shadow
_REACH = 3.0  # face sizes: hair farther from a face is somebody else's


def hair_alpha(image: NDArray[np.uint8]) -> list[tuple[NDArray[np.uint8], int, int]]:
    """Cut the hair of a photo into persons.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        For each person alpha, uint8 (h, w), and its left and top in the photo.
    """
    found = hair_and_skin(image, bare=False)
    return cut_by_person(image, found.hair, list(found.faces), found.scale)


def cut_by_person(
    image: NDArray[np.uint8], hair: Floats, faces: list[Face], scale: float
) -> list[tuple[NDArray[np.uint8], int, int]]:
    """Cut a map of hair, or of whole heads, into persons, with edges solved by their colours.

    Args:
        image: uint8 RGB (H, W, 3).
        hair: float32 (h, w), 0..1, on the whole photo.
        faces: of the photo, in photo pixels.
        scale: size of the map against the photo.

    Returns:
        As `hair_alpha`.
    """
    full = refine_band(image, hair, band=_BAND, hold=_HOLD, sure=_SURE, work_side=_SOLVED_SIDE)
    return [_cut(full, owner, image.shape[:2]) for owner in _owners(hair, faces, scale)]


def _owners(hair: Floats, faces: list[Face], scale: float) -> list[NDArray[np.bool_]]:
    """For each person the part of the map where hair is theirs."""
    box = (0, 0, round(hair.shape[1] / scale), round(hair.shape[0] / scale))
    shape = (hair.shape[0], hair.shape[1])
    _, labels, stats, centres = cv2.connectedComponentsWithStats((hair > 0.5).astype(np.uint8))
    owners = [np.zeros(shape, np.bool_) for _ in faces]
    areas: list[NDArray[np.bool_]] = []
    for index in range(1, len(stats)):
        if stats[index, cv2.CC_STAT_AREA] < _LEAST * hair.size:
            continue
        patch = labels == index
        left, top, wide, high = stats[index, :4]
        rows, columns = np.nonzero(patch[top : top + high, left : left + wide])
        places = (columns + left) / scale, (rows + top) / scale
        close = [face for face in faces if _distance(face, places) < 1.0]
        if not close:
            x, y = centres[index] / scale
            close = sorted(
                (face for face in faces if np.hypot(x - face.centre[0], y - face.centre[1]) < _REACH * face.size),
                key=lambda face: float(np.hypot(x - face.centre[0], y - face.centre[1]) / face.size),
            )[:1]
        if not close:
            owners.append(patch)
        elif len(close) == 1:
            owners[faces.index(close[0])] |= patch
        else:
            areas = areas or [nearest(face, faces, box, scale, shape) > 0 for face in faces]
            for number, area in enumerate(areas):
                owners[number] |= patch & area
    owners = [without_specks(owner) for owner in owners]
    least = [max(_LEAST * hair.size, _LEAST_OF_FACE * (face.size * scale) ** 2) for face in faces]
    least += [_LEAST * hair.size] * (len(owners) - len(faces))
    return [owner for owner, size in zip(owners, least, strict=True) if owner.sum() >= size]


def without_specks(owner: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A person's patches without those that are tiny beside the largest."""
    x, y, wide, high = cv2.boundingRect(owner.astype(np.uint8))
    around = np.s_[y : y + high, x : x + wide]
    kept = np.zeros_like(owner)
    if wide and high:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(owner[around].astype(np.uint8))
        areas = stats[:, cv2.CC_STAT_AREA].copy()
        areas[0] = 0
        kept[around] = (areas >= max(1, _LEAST_OF_LARGEST * areas.max()))[labels]
    return kept


def _distance(face: Face, places: tuple[NDArray[np.float64], NDArray[np.float64]]) -> float:
    """From a face's centre to the nearest of some places, x and y in photo pixels, in face sizes."""
    x, y = face.centre
    return float(np.hypot(places[0] - x, places[1] - y).min()) / face.size


def _cut(alpha: NDArray[np.uint8], owner: NDArray[np.bool_], shape: tuple[int, ...]) -> tuple[NDArray[np.uint8], int, int]:
    # The soft surroundings belong to the patch as well.
    reach = max(3, round(0.02 * max(owner.shape)))
    y, x = bounds(owner, margin=reach)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    grown = cv2.dilate(owner[y, x].astype(np.uint8), disc)
    down, across = shape[0] / owner.shape[0], shape[1] / owner.shape[1]
    top, bottom, left, right = round(y.start * down), round(y.stop * down), round(x.start * across), round(x.stop * across)
    mine = cv2.resize(grown, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)
    return np.where(mine > 0, alpha[top:bottom, left:right], np.uint8(0)), left, top
