"""The things of a group in a photo: boxes, masks in them, and saliency where it agrees or where the detector is blind."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.bounds import bounds
from koutu.images.shrink import within
from koutu.models import allowed
from koutu.vision.matting.solid_interior import solid_interior
from koutu.vision.objects.ask_mask import ask_mask
from koutu.vision.objects.classify import classify
from koutu.vision.objects.detect import detect
from koutu.vision.objects.grab_cut import grab_cut
from koutu.vision.objects.kind_votes import Votes, kind_votes
from koutu.vision.objects.thing import Box, Group, Thing
from koutu.vision.objects.unboxed import unboxed
from koutu.vision.parsing.head_alpha import sharpened
from koutu.vision.saliency.isnet import isnet

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

CANVAS = 2000
_LEAST_SCORE = 0.3
# from which the scene head is asked about a box: many pieces of furniture have none of more than .3
_FAINT_SCORE: dict[Group, float] = {"furniture": 0.15}
_SURE_FURNITURE = 0.35  # cushions and blankets look like sofas to the detector
_LEAST_AREA = 4e-4
_NESTED = 0.8
_LOOKS = 3  # saliency looks at so many of the largest things: it costs more than all the rest
_LOOK_AREA = 0.01
_AGREEMENT = 0.8
_GAIN = 4.0
_SURE_KIND = 0.5
_SUPPORT, _FAINT_SUPPORT = 0.2, 0.3
_HELD = 0.5
_UNSEEN = 0.05  # of plates and bags, which the detector takes for tables, the scene head sees nothing as furniture
_ITSELF = 0.3  # less furniture, by the scene head, in a piece's mask: the mask is of what stands before the piece
# what the scene head sees beside boxes counts if all is then so many times as much; a little more furniture is walls and floors
_GROWTH: dict[Group, float] = {"vehicle": 1.0, "food": 1.5, "furniture": 3.0}
_MOST: dict[Group, float] = {"furniture": 0.7}  # of the photo: before a plain wall the scene head sees furniture all over
_PLATE_LEAST, _PLATE_MOST, _PLATE_RIM = 0.03, 0.7, 0.02


def find_things(image: Bytes, group: Group) -> list[Floats]:
    """Find the things of a group.

    Every box of the detector is given a mask, on which the scene head votes pixel by pixel. Where saliency's silhouette in the
    box's window agrees with that mask, its finer edges count too. Where the whole photo gives no box,
    its salient object counts if the classifier knows it as one of the group; if not, what closer looks find and the head sees.
    Of vehicles, what the head sees beside the boxes counts too; of food if it is much: a dish of which one part had a box; of
    furniture if it is far more than the boxes hold. Faint boxes of furniture count where the head sees some, too. Without a box
    its word alone is not taken: it sees walls as furniture, too.

    Args:
        image: uint8 RGB (H, W, 3).
        group: animal, vehicle, food or furniture.

    Returns:
        Probabilities float32 (h, w), 0..1, on the whole photo, long side at most CANVAS: one for each thing, the largest
        first; empty where there is none.

    Raises:
        ModelFault: a model is missing.
    """
    image = within(image, CANVAS)
    least = _FAINT_SCORE.get(group, _LEAST_SCORE)
    mine = [thing for thing in detect(image, least=least, tiles=True) if thing.group == group]
    votes = kind_votes(image, group) if mine else None
    mine = [thing for thing in mine if thing.score >= _LEAST_SCORE or _supported(thing.box, votes, _FAINT_SUPPORT)]
    if not mine:
        return _salient(image, group)
    if all(thing.closer for thing in mine):  # small things, or parts of one large thing that the whole photo shows
        salient = _salient(image, group)
        if salient and (votes is None or _confirmed(salient[0], mine, votes)):
            return salient
    sure = _SURE_FURNITURE if group == "furniture" else _LEAST_SCORE
    boxes = [
        (thing.score, thing.box) for thing in mine if (thing.score >= sure and not thing.closer) or _supported(thing.box, votes)
    ]
    by_size = sorted((box for _, box in boxes), key=lambda box: -box.area)
    large = [box for box in by_size[:_LOOKS] if box.area >= _LOOK_AREA * image.shape[0] * image.shape[1]]
    masks = [(score, _mask(image, box, group, votes, closer=box in large)) for score, box in boxes]
    if votes is not None and group == "furniture":
        masks = [(score, _piece(mask, box, votes)) for (score, mask), (_, box) in zip(masks, boxes, strict=True)]
    things = _apart(masks)
    if things and votes is not None and group in _GROWTH:
        more = unboxed(things, votes.own)
        if _GROWTH[group] * _size_of(things) <= _size_of(more) <= _MOST.get(group, 1.0) * votes.own.size:
            things = sorted(more, key=_size, reverse=True)
    # Doubt about what belongs to a thing is no transparency: only near .5 does a mask stay soft.
    return [sharpened(mask, _GAIN) for mask in things]


def _supported(box: Box, votes: Votes | None, least: float = _SUPPORT) -> bool:
    """Whether the scene head sees so much of the group in a box that the detector is not sure of."""
    if votes is None:
        return False
    part = votes.own[int(box.top) : int(np.ceil(box.bottom)), int(box.left) : int(np.ceil(box.right))]
    return part.size > 0 and float(part.mean()) >= least


def _confirmed(salient: Floats, things: list[Thing], votes: Votes) -> bool:
    """Whether the scene head sees the group in the salient object, and most of the boxes in which it sees it lie there."""
    if votes.seen(salient) < _SUPPORT:
        return False
    y, x = bounds(salient > 0.5)
    whole = Box(x.start, y.start, x.stop, y.stop)
    seen = [thing.box for thing in things if _supported(thing.box, votes)]
    return sum(whole.overlap(box) for box in seen) >= _HELD * sum(box.area for box in seen)


def _mask(image: Bytes, box: Box, group: Group, votes: Votes | None, *, closer: bool) -> Floats:
    """The mask of one box; closer: saliency looks at it too."""
    height, width = image.shape[:2]
    if not allowed("things_mask"):
        return grab_cut(image, box)
    answer = ask_mask(image, box, group)
    mask = answer.on_canvas(width, height)
    if votes is not None:
        mask = votes.on(mask)
    if closer and allowed("isnet"):
        window = answer.window
        y, x = slice(int(window.top), int(window.bottom)), slice(int(window.left), int(window.right))
        part = np.ascontiguousarray(image[y, x])
        fine: Floats = cv2.resize(isnet(part), part.shape[1::-1], interpolation=cv2.INTER_AREA)
        if _agrees(fine, mask[y, x]):
            mask[y, x] = 0.5 * (mask[y, x] + fine)
    return mask


def _piece(mask: Floats, box: Box, votes: Votes) -> Floats:
    """The mask of a piece of furniture, or of what the scene head sees of it where the mask is of something before it."""
    seen = votes.seen(mask)
    if seen >= _ITSELF:
        return mask
    behind = votes.within(box)
    return mask if seen >= _UNSEEN and not behind.any() else behind


def _agrees(fine: Floats, coarse: Floats) -> bool:
    """Whether a window's salient silhouette is that of the coarse mask."""
    mine, theirs = coarse > 0.5, fine > 0.5
    return int((mine & theirs).sum()) >= _AGREEMENT * max(1, int((mine | theirs).sum()))


def _apart(masks: list[tuple[float, Floats]]) -> list[Floats]:
    """Drop masks that lie in surer ones, and give a contested pixel to the thing that claims it most."""
    kept: list[Floats] = []
    for _, mask in sorted(masks, key=lambda one: -one[0]):
        inside = mask > 0.5
        size = int(inside.sum())
        if size < _LEAST_AREA * inside.size:
            continue
        if all(int((inside & (other > 0.5)).sum()) < _NESTED * size for other in kept):
            kept.append(mask)
    if len(kept) > 1:
        best = np.maximum.reduce(kept)
        kept = [np.where(mask >= best, mask, 0).astype(np.float32) for mask in kept]
    return sorted(kept, key=_size, reverse=True)


def _size(mask: Floats) -> int:
    return int((mask > 0.5).sum())


def _size_of(masks: list[Floats]) -> int:
    return sum(map(_size, masks))


def _salient(image: Bytes, group: Group) -> list[Floats]:
    """The salient object, if the classifier knows it as one of the group: on the whole photo, or on its own window."""
    height, width = image.shape[:2]
    whole = classify(image, group)
    if not allowed("isnet"):
        inset = Box(0.05 * width, 0.05 * height, 0.95 * width, 0.95 * height)
        return [grab_cut(image, inset)] if whole >= _SURE_KIND else []
    if whole < _SURE_KIND / 5:
        return []
    found = isnet(image)
    saliency: Floats = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
    inside = saliency > 0.5
    if float(inside.mean()) < 10 * _LEAST_AREA:
        return []
    place = bounds(inside)
    if max(whole, classify(image[place], group)) < _SURE_KIND:
        return []
    if group == "food":
        return [_on_its_plate(image, saliency, place)]
    return [cv2.resize(solid_interior(found), (width, height), interpolation=cv2.INTER_LINEAR)]


def _on_its_plate(image: Bytes, saliency: Floats, place: tuple[slice, slice]) -> Floats:
    """A dish's food without the plate: what stands out once the plate fills the view, if it is clearly less and inside."""
    part = np.ascontiguousarray(image[place])
    inner: Floats = cv2.resize(isnet(part), part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    inside = inner > 0.5
    share = float(inside.sum()) / max(1.0, float((saliency > 0.5).sum()))
    rim = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    if not _PLATE_LEAST < share < _PLATE_MOST or float(rim.mean()) > _PLATE_RIM:
        return saliency
    food = np.zeros_like(saliency)
    food[place] = inner
    return food
