"""Identity photos: one person from the front, upright and centred, head and eyes where the rules want them, on one colour."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.functions import Functions
from koutu.images.picture import Picture
from koutu.studio.portrait import Portrait, see_portrait
from koutu.studio.rules import MM_PER_INCH, Rules, Size, rules_for

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

BACKGROUNDS = {"white": (255, 255, 255), "blue": (67, 142, 219), "red": (217, 0, 27), "grey": (211, 211, 211)}
_TURNED = 0.22
_TILTED = 25.0
_ENLARGED = 1.6
_HAIR_MARGIN = 0.02  # of the photo's height: hair keeps this from the upper edge


@dataclass(frozen=True, slots=True)
class IdPhoto:
    """A finished photo.

    Attributes:
        image: uint8 RGB (H, W, 3).
        head: from chin to crown, as a share of the height.
        eyes: of the eye line above the lower edge, as a share of the height.
        notes: what an authority may object to.
    """

    image: Bytes
    head: float
    eyes: float
    notes: tuple[str, ...]


def id_photo(
    picture: Picture, size: Size, dpi: int, background: tuple[int, int, int], functions: Functions, head: float | None = None
) -> IdPhoto:
    """Make an identity photo.

    Args:
        picture: a photo of one person from the front.
        size: of the print.
        dpi: pixels per inch of the print.
        background: RGB.
        functions: what cuts: `koutu.here` or a client.
        head: the head's share of the height, instead of the rules' own.

    Raises:
        Unsuitable: the photo does not show exactly one face from the front.
    """
    rules = rules_for(size)
    portrait = see_portrait(picture, functions)
    width, height = size.pixels(dpi)
    scale = (head or rules.head) * height / portrait.head
    top = rules.top
    # High hair has to fit as well: the head moves down, then shrinks, as far as the rules let it.
    above = (portrait.hair - portrait.head) * scale / height
    if above + _HAIR_MARGIN > top:
        top = min(above + _HAIR_MARGIN, 1 - (head or rules.head) - 0.02)
        needed = (1 - _HAIR_MARGIN - 0.05) * height / portrait.hair
        if head is None and (portrait.hair * scale / height) + _HAIR_MARGIN + 0.05 > 1:
            scale = max(needed, rules.least_head * height / portrait.head)
        top = _lowered(portrait, rules, scale, top, height)
    matrix = _placement(portrait, scale, top, width, height)
    rgba, seen = _warped(portrait.rgba, matrix, scale, width, height)
    ground = np.array(background, np.float32) / np.float32(255)
    image = np.rint(np.clip(rgba[..., :3] + ground * (1 - rgba[..., 3:]), 0, 1) * 255).astype(np.uint8)
    reached_head = portrait.head * scale / height
    eyes = 1 - float(matrix[1] @ (*portrait.eyes, 1)) / height
    notes = _notes(portrait, rules, reached_head, eyes, scale) + _gaps(rgba[..., 3], seen, dpi)
    return IdPhoto(image, reached_head, eyes, notes)


def _lowered(portrait: Portrait, rules: Rules, scale: float, top: float, height: int) -> float:
    """The largest distance of the crown from the upper edge, up to `top`, that leaves the eye line where the rules want it."""
    above_eyes = portrait.head * scale / height / 2
    return max(rules.top, min(top, 1 - rules.least_eyes - above_eyes))


def _placement(portrait: Portrait, scale: float, top: float, width: int, height: int) -> NDArray[np.float64]:
    """The map (2, 3) from the photo to the print: upright, the face's middle line in the middle, the crown at `top`."""
    angle = math.radians(-portrait.roll)
    turn = scale * np.array(((math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))))
    middle = (np.array(portrait.middle) + np.array(portrait.eyes)) / 2
    shift = np.array((width / 2, top * height + portrait.head * scale))
    across = (turn @ middle)[0]
    along = (turn @ np.array(portrait.chin))[1]
    return np.column_stack([turn, shift - (across, along)])


def _warped(
    rgba: Floats, matrix: NDArray[np.float64], scale: float, width: int, height: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """The person on the print's canvas, float32 (height, width, 4), and which of its pixels the photo shows."""
    seen = np.ones(rgba.shape[:2], np.float32)
    if scale < 0.7:
        # Shrunk first, by areas: warping alone would leave out pixels.
        size = max(1, round(rgba.shape[1] * scale)), max(1, round(rgba.shape[0] * scale))
        by = np.array((size[0] / rgba.shape[1], size[1] / rgba.shape[0]))
        rgba, seen = cv2.resize(rgba, size, interpolation=cv2.INTER_AREA), np.ones(size[::-1], np.float32)
        matrix = np.column_stack([matrix[:, :2] / by, matrix[:, 2]])
    way = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    warped = np.clip(cv2.warpAffine(rgba, matrix, (width, height), flags=way), 0, 1).astype(np.float32)
    shown = cv2.warpAffine(seen, matrix, (width, height), flags=cv2.INTER_NEAREST) > 0
    return warped, shown


def _notes(portrait: Portrait, rules: Rules, head: float, eyes: float, scale: float) -> tuple[str, ...]:
    notes = []
    if abs(portrait.yaw) > _TURNED:
        notes.append("the head is turned to the side")
    if abs(portrait.roll) > _TILTED:
        notes.append(f"the head was tilted by {abs(portrait.roll):.0f} degrees and set upright")
    if not rules.least_head <= head <= rules.most_head:
        notes.append(f"the head is {head:.0%} of the height; {rules.least_head:.0%} to {rules.most_head:.0%} are accepted")
    if not rules.least_eyes <= eyes <= rules.most_eyes:
        notes.append(f"the eyes are at {eyes:.0%} from below; {rules.least_eyes:.0%} to {rules.most_eyes:.0%} are accepted")
    if scale > _ENLARGED:
        notes.append(f"the photo is small: it was enlarged {scale:.1f} times")
    return tuple(notes)


def _gaps(alpha: Floats, seen: NDArray[np.bool_], dpi: int) -> tuple[str, ...]:
    """Where the photo ends inside the print although the person goes on."""
    notes = []
    height = alpha.shape[0]
    body = np.flatnonzero((alpha > 0.5).any(axis=0))
    if body.size and not seen[-1, body].all():
        missing = int((~seen[:, body]).sum(axis=0).max())
        notes.append(f"the photo ends {missing / dpi * MM_PER_INCH:.1f} mm above the lower edge")
    if (alpha[:2].max(initial=0) > 0.5) or _cut(alpha, seen, slice(0, height // 2)):
        notes.append("the photo cuts the head off")
    return tuple(notes)


def _cut(alpha: Floats, seen: NDArray[np.bool_], rows: slice) -> bool:
    """Whether the person reaches the photo's own edge in these rows."""
    outside = cv2.dilate((~seen).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return bool(((alpha > 0.5) & outside)[rows].any())
