"""All people of a photo as one alpha."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.errors import Unsuitable
from koutu.images.shrink import within
from koutu.models import allowed
from koutu.vision.matting.guided_upsample import guided_upsample
from koutu.vision.matting.refine_band import refine_band
from koutu.vision.objects.detect import detect
from koutu.vision.objects.thing import Box, Thing
from koutu.vision.parsing.parse_people import parse_people
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.people.closer_look import closer_look, with_animals
from koutu.vision.people.find_faces import find_faces
from koutu.vision.people.pose import find_poses
from koutu.vision.people.quarter_turns import quarter_turns
from koutu.vision.people.rvm import rvm
from koutu.vision.people.with_held import with_held
from koutu.vision.saliency.isnet import SIDE, isnet

Floats = NDArray[np.float32]

_LEAST = 0.0008  # of the photo: less is nobody
_AGREE = 0.9  # overlap at which the salient object is the people, as the matting network sees them,
_CERTAIN = 0.9  # or as the parser does, which leaves passers-by out and takes what is carried along
_LOOK_SCORE = 0.2  # of a box that is worth a look; of .1 to .3, chosen on both splits of VOC and COCO
_LEAST_SCORE = 0.15  # of a box that says that somebody is there where two networks see somebody, too,
_ALONE_SCORE = 0.3  # or only one of them does
_LEAST_IN_BOX = 0.1  # of a box of less than that, which must show some of the people that it speaks for
_LARGE = 0.2  # of the photo: people who take so much need no search for small ones
_CLEAR = 0.8  # overlap of matting network and parser from which a further parser changes next to nothing
_APART, _SAME = 0.05, 0.7  # overlap up to which two networks do not see the same people, and from which they surely do
_FAINT, _FIRM, _LEAST_FIRM = 0.15, 0.6, 0.3  # a patch over the first with so small a part over the second is a ghost
_LOOK_SIDE = 512  # longer side of the map on which looks are joined: what the matting network sees
_REACH, _DEPTH = 0.04, 0.03  # of the side: how far out of and into people the salient object draws their outline
_TURNED_SIDE = 2048  # longer side of the copy of a photo that is turned
_REGION_SIDE = 256  # of the map on which that region is grown: it needs no edges


def person_alpha(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut out everybody in a photo.

    Args:
        image: uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W).

    Raises:
        Unsuitable: the photo shows nobody.
    """
    people = find_people(image)
    if float((people > 0.5).mean()) < _LEAST:
        raise Unsuitable("No person was found in the image.")
    return refine_band(image, people) if _permissive() else guided_upsample(people, image)


def find_people(image: NDArray[np.uint8], parsed: Parsed | None = None, seen: Parsed | None = None) -> Floats:
    """All people of a photo, not yet at its size.

    Args:
        image: uint8 RGB (H, W, 3).
        parsed: the human parser's view of the photo, where it is known already; else it is asked only when in doubt.
        seen: the matting network's view of the photo, where it is known already.

    Returns:
        float32 (h, w), 0..1, of another size than the photo and perhaps stretched against it.
    """
    return _silhouettes(image) if _permissive() else _seen(image, parsed, seen)


def _permissive() -> bool:
    return not (allowed("rvm") and allowed("isnet") and allowed("human_parser"))


def _seen(image: NDArray[np.uint8], parsed: Parsed | None = None, seen: Parsed | None = None) -> Floats:
    """What the matting network sees of people, finer where they are the salient object, float32 (h, w) on the whole photo."""
    height, width = image.shape[:2]
    shrink = min(1.0, _LOOK_SIDE / max(width, height))
    box = (0, 0, width, height)
    salient = isnet(image)
    matted, once = seen or rvm(image), parsed or parse_people(image)
    people, sure = _placed(matted, once, box, shrink)
    small: Floats = cv2.resize(salient, people.shape[::-1], interpolation=cv2.INTER_AREA)
    subject = next(
        (view for view, least in ((sure, _CERTAIN), (people, _AGREE)) if overlap(view, small) >= least),
        None,
    )
    agreement = overlap(people, sure)
    if subject is not None:
        return outlined_by(_stretched(subject), salient) if _somebody(image, matted, agreement) else np.zeros_like(people)
    # Each turn needs a surer face than the one before, so that this ends.
    if agreement < _CLEAR and (turns := quarter_turns(image)):
        upright = np.ascontiguousarray(np.rot90(within(image, _TURNED_SIDE), turns))
        return np.ascontiguousarray(np.rot90(_seen(upright), -turns))
    things = detect(image, least=_LEAST_SCORE, tiles=float((people > 0.5).mean()) < _LARGE)
    firm = [thing for thing in things if thing.score >= _LOOK_SCORE]
    beasts, doubtful = with_animals(firm), parsed is None and agreement < _CLEAR
    if beasts or doubtful:
        matted = rvm(image, twice=True, once=matted) if beasts else matted
        people, sure = _placed(matted, parsed or parse_people(image, twice=beasts, garments=doubtful, once=once), box, shrink)
        agreement = overlap(people, sure)
    if not _somebody(image, matted, agreement, things):
        return np.zeros_like(people)
    return with_held(decided(closer_look(image, people, sure, shrink, firm)), small, shrink, firm)


def _placed(seen: Parsed, parsed: Parsed, box: tuple[int, int, int, int], scale: float) -> tuple[Floats, Floats]:
    """People as the matting network and as the parser see them, float32 (h, w) on the part of the photo in ``box``."""
    people = seen.window.put_back(seen.of("person"), box, scale)
    return people, parsed.window.put_back(1 - parsed.of("background"), box, scale)


def _somebody(image: NDArray[np.uint8], seen: Parsed, agreement: float, things: list[Thing] | None = None) -> bool:
    """Whether the photo shows anybody: the matting network and the parser each alone also see people in cushions and toys.

    Args:
        image: uint8 RGB (H, W, 3).
        seen: what the matting network sees in the whole photo.
        agreement: overlap of what the two see. Where it is little there must be a face, or a box of the detector.
        things: boxes of the detector; it is asked where they are not known and needed.
    """
    if agreement >= _SAME or find_faces(image, seen, tiles=False).faces:
        return True
    things = detect(image, least=_LEAST_SCORE) if things is None else things
    least = _LEAST_SCORE if agreement > _APART else _ALONE_SCORE
    boxes = [thing for thing in things if thing.group == "person" and thing.score >= least]
    return any(thing.score >= _ALONE_SCORE or _share(seen, thing.box) >= _LEAST_IN_BOX for thing in boxes)


def _share(seen: Parsed, box: Box) -> float:
    """How much of a box the matting network takes for people, 0..1; ``seen`` is its view of the whole photo."""
    corners = int(box.left), int(box.top), int(np.ceil(box.right)), int(np.ceil(box.bottom))
    view = seen.of("person")
    # At the view's own size: a box of a large photo would be enlarged to millions of pixels for one mean.
    return float(seen.window.put_back(view, corners, min(1.0, len(view) / seen.window.side)).mean())


def overlap(one: Floats, other: Floats) -> float:
    """Intersection over union of what is over .5 in two maps of one size; 0 where both are empty."""
    mine, theirs = one > 0.5, other > 0.5
    return int((mine & theirs).sum()) / max(1, int((mine | theirs).sum()))


def decided(soft: Floats) -> Floats:
    """Drop patches that are half transparent nearly all over: passers-by out of focus, of whom a ghost would remain.

    Args:
        soft: float32 (h, w), 0..1.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((soft > _FAINT).view(np.uint8))
    firm = np.bincount(labels[soft > _FIRM], minlength=count)
    ghosts = firm < _LEAST_FIRM * stats[:, cv2.CC_STAT_AREA]
    ghosts[0] = False
    if not ghosts.any():
        return soft
    kept: Floats = np.where(ghosts[labels], np.float32(0), soft)
    return kept


def outlined_by(soft: Floats, salient: Floats) -> Floats:
    """Draw the people's outline as the salient object has it, which must be the people.

    Args:
        soft: alpha or probability of people, float32 (h, w), 0..1.
        salient: alpha of the salient object, as large and finer, perhaps with other things beside the people.

    Returns:
        float32 (h, w), 0..1: inside the people both count, around their outline the salient object alone.
    """
    size = soft.shape[::-1]
    person = cv2.resize((soft > 0.5).astype(np.uint8), (_REGION_SIDE, _REGION_SIDE), interpolation=cv2.INTER_AREA)
    outside, inside = cv2.dilate(person, _disc(_REACH)), cv2.erode(person, _disc(_DEPTH), borderValue=1)
    near = cv2.resize(outside.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    deep = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    joined: Floats = np.maximum(salient * near, soft * deep)
    return joined


def _disc(radius: float) -> NDArray[np.uint8]:
    reach = round(radius * _REGION_SIDE)
    disc: NDArray[np.uint8] = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return disc


def _silhouettes(image: NDArray[np.uint8]) -> Floats:
    """The people's silhouettes by their poses, float32, on the photo scaled to at most SIDE / 2."""
    height, width = image.shape[:2]
    scale = min(1.0, SIDE / 2 / max(height, width))
    people = np.zeros((max(1, round(height * scale)), max(1, round(width * scale))), np.float32)
    for pose in find_poses(image):
        np.maximum(people, pose.window.put_back(pose.silhouette, (0, 0, width, height), scale), out=people)
    return people


def _stretched(array: Floats) -> Floats:
    square: Floats = cv2.resize(array, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return square
