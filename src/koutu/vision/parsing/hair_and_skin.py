"""Hair and skin of a whole photo: the human parser's view, made finer where there are heads."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.faces.face import Face
from koutu.vision.parsing.outline_factor import outline_factor
from koutu.vision.parsing.parse_head import BARE, SIZE, head_window, parse_head
from koutu.vision.parsing.parse_people import parse_people
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.skin_tone import skin_tone
from koutu.vision.parsing.window import Window
from koutu.vision.people.find_faces import find_faces, is_seen
from koutu.vision.people.rvm import rvm

Floats = NDArray[np.float32]

CANVAS = 768  # longer side of the maps at most
_MOST_HEADS = 24
_LEAST_HAIR = 0.002  # of the photo: smaller patches of hair without a face get no closer look
_REACH = 0.02  # of the longer side: how far hair and skin may lie from people that were seen
_SEEN = 0.25  # alpha of such people
_SECOND = np.float32(0.5)  # how much the second look at a head counts against what is known by then
_FROM_BEHIND = np.float32(0.5)  # how much the head parser counts against the human parser where there is no face
_LEAST_HAT = 0.25  # of the hair's pixels: a smaller hat is hair
_ON_PEOPLE = 0.2  # share of a patch of hair that must lie on them
_HAIR_SPAN = 1.7  # side of that look, in sizes of the patch


class _Look(NamedTuple):
    """A look at a head: through which window, how much it counts against what is known, whether RVM sees its outline."""

    window: Window
    say: np.float32
    outlined: bool
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class HairAndSkin:
    """Maps over a photo scaled to at most CANVAS pixels on its longer side.

    Attributes:
        hair, skin: float32 (h, w), probabilities; no skin anywhere where it was not asked for.
        faces: the photo's faces, largest first, in photo pixels.
        scale: size of the maps against the photo.
    """

    hair: Floats
    skin: Floats
    faces: tuple[Face, ...]
    scale: float


def hair_and_skin(image: NDArray[np.uint8], *, bare: bool = True) -> HairAndSkin:
    """Find all hair and skin of a photo.

    Args:
        image: uint8 RGB (H, W, 3).
        bare: whether skin is wanted as well as hair.
    """
    height, width = image.shape[:2]
    scale = min(1.0, CANVAS / max(height, width))
    box = (0, 0, width, height)
    whole = parse_people(image, twice=True)
    hair = whole.window.put_back(whole.of("hair"), box, scale)
    skin = whole.window.put_back(whole.of("skin"), box, scale) if bare else np.zeros_like(hair)
    seen = rvm(image) if allowed("rvm") else None
    if seen:
        people = _people(seen.window.put_back(seen.of("person"), box, scale))
        hair *= _grown(people, hair)
        if bare:
            skin *= people
    faces = find_faces(image, seen).faces[:_MOST_HEADS]
    outlined = [seen is not None and is_seen(face, seen) for face in faces]
    if bare:
        skin *= skin_tone(image, faces, skin.shape[::-1])
    windows = [head_window(face) for face in faces]
    windows += hair_windows(hair, windows, scale)
    looks = [_Look(window, np.float32(1), known) for window, known in zip(windows, outlined, strict=False)]
    looks += [_Look(window, _FROM_BEHIND, outlined=False) for window in windows[len(faces) :]]
    if faces and allowed("face_parser"):
        # Only the first head gets a second look: in a crowd each one must be cheap.
        looks.insert(1, _Look(windows[0].within(width, height), _SECOND, outlined[0], mirrored=True))
    for window, say, known, mirrored in looks:
        head = parse_head(image, window, mirrored=mirrored)
        part, place = _part(window, image.shape, hair.shape)
        weight = window.put_back(_feather(), place, scale) * say
        factor = outline_factor(head, seen) if seen and known else np.float32(1)
        hair[part] += weight * (window.put_back(_hair_of(head) * factor, place, scale) - hair[part])
        if bare:
            skin[part] += weight * (window.put_back(head.of(*BARE) * factor, place, scale) - skin[part])
    return HairAndSkin(np.clip(hair, 0, 1), np.clip(skin, 0, 1), tuple(faces), scale)


def _hair_of(head: Parsed) -> Floats:
    """A head's hair with what is taken for a hat but is far smaller than it: shaded hair, or hair of two colours."""
    hair, hat = head.of("hair"), head.of("hat")
    small = int((hat > 0.5).sum()) < _LEAST_HAT * int((hair > 0.5).sum())
    return hair + hat if small else hair


def _part(
    window: Window, photo: tuple[int, ...], maps: tuple[int, ...]
) -> tuple[tuple[slice, slice], tuple[float, float, float, float]]:
    """The part of the maps that a window touches, and its box in photo pixels."""
    (height, width), (rows, columns) = photo[:2], maps
    down, across = height / rows, width / columns
    left, top, right, bottom = window.box(width, height)
    x0, y0 = int(left / across), int(top / down)
    x1, y1 = min(columns, math.ceil(right / across)), min(rows, math.ceil(bottom / down))
    return (slice(y0, y1), slice(x0, x1)), (x0 * across, y0 * down, x1 * across, y1 * down)


def _people(soft: Floats) -> Floats:
    """1 near people and 0 elsewhere: the parser alone also sees hair on animals and skin on walls."""
    reach = max(1, round(_REACH * max(soft.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.dilate((soft > _SEEN).astype(np.float32), kernel)  # type: ignore[no-any-return]


def _grown(people: Floats, hair: Floats) -> Floats:
    """The people with all of each patch of hair that lies on them by a good part: they are seldom seen whole from behind."""
    _, labels = cv2.connectedComponents((hair > 0.5).astype(np.uint8))
    sizes = np.bincount(labels.ravel())
    on_people = np.bincount(labels.ravel(), weights=people.ravel())
    theirs = on_people >= _ON_PEOPLE * sizes
    theirs[0] = False
    grown: Floats = np.maximum(people, theirs[labels].astype(np.float32))
    return grown


def hair_windows(hair: Floats, known: list[Window], scale: float) -> list[Window]:
    """Windows around larger patches of hair that no known window shows: heads seen from behind."""
    _, _, stats, centres = cv2.connectedComponentsWithStats((hair > 0.5).astype(np.uint8))
    found = []
    for (left, top, width, height, area), (x, y) in zip(stats[1:], centres[1:], strict=True):
        if area < _LEAST_HAIR * hair.size:
            continue
        x, y = float(x) / scale, float(y) / scale
        if any(max(abs(x - window.x), abs(y - window.y)) < window.side / 2 for window in known):
            continue
        side = max(_HAIR_SPAN * float(np.sqrt(width * height)), 1.15 * max(width, height)) / scale
        found.append(Window((left + width / 2) / scale, (top + height / 2) / scale, side))
    return found


@lru_cache(maxsize=1)
def _feather() -> Floats:
    """How far a window's answer counts: fully in its middle, less and less towards its edge."""
    ramp = np.clip(np.minimum(np.arange(SIZE) + 0.5, SIZE - np.arange(SIZE) - 0.5) / (0.12 * SIZE), 0, 1)
    feather: Floats = np.minimum(ramp[:, None], ramp[None, :]).astype(np.float32)
    return feather
