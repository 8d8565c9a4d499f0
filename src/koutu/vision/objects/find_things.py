"""The things of a group in a photo: boxes, masks in them, and saliency where it agrees or where the detector is blind."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.objects.ask_mask import ask_mask
from koutu.vision.objects.classify import classify
from koutu.vision.objects.detect import detect
from koutu.vision.objects.grab_cut import grab_cut
from koutu.vision.objects.thing import Box, Group
from koutu.vision.saliency.isnet import isnet

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_LEAST_SCORE = 0.3
_LEAST_FURNITURE = 0.5  # cushions and blankets look like sofas to the detector
_LEAST_AREA = 4e-4
_NESTED = 0.8
_LOOKS = 3  # saliency looks at so many of the largest things: it costs more than all the rest
_LOOK_AREA = 0.01
_AGREEMENT = 0.5
_FIT = 0.7
_SURE_KIND = 0.5
_PLATE_LEAST, _PLATE_MOST, _PLATE_RIM = 0.03, 0.7, 0.02


def find_things(image: Bytes, group: Group) -> list[Floats]:
    """Find the things of a group.

    Every box of the detector is given a mask. Where saliency's silhouette in the box's window agrees with that mask, or fills
    the box, its finer edges take over. Where there is no box, the photo's salient object counts if the classifier knows it as
    one of the group.

    Args:
        image: uint8 RGB (H, W, 3).
        group: animal, vehicle, food or furniture.

    Returns:
        Probabilities float32 (H, W), 0..1, one for each thing, the largest first; empty where there is none.

    Raises:
        ModelFault: a model is missing.
    """
    things = detect(image, least=_LEAST_SCORE)
    least = _LEAST_FURNITURE if group == "furniture" else _LEAST_SCORE
    boxes = [(thing.score, thing.box) for thing in things if thing.group == group and thing.score >= least]
    others = [thing.box for thing in things if thing.group != group]
    by_size = sorted((box for _, box in boxes), key=lambda box: -box.area)
    closer = [box for box in by_size[:_LOOKS] if box.area >= _LOOK_AREA * image.shape[0] * image.shape[1]]
    masks = [(score, _mask(image, box, group, others if box in closer else None)) for score, box in boxes]
    kept = _apart(masks)
    return kept or _salient(image, group)


def _mask(image: Bytes, box: Box, group: Group, others: list[Box] | None) -> Floats:
    """The mask of one box; given the boxes of other groups, saliency has a closer look."""
    height, width = image.shape[:2]
    if not allowed("things_mask"):
        return grab_cut(image, box)
    answer = ask_mask(image, box, group)
    mask = answer.on_canvas(width, height)
    if others is not None and allowed("isnet"):
        window = answer.window
        y, x = slice(int(window.top), int(window.bottom)), slice(int(window.left), int(window.right))
        part = np.ascontiguousarray(image[y, x])
        fine: Floats = cv2.resize(isnet(part), part.shape[1::-1], interpolation=cv2.INTER_AREA)
        if _agrees(fine, mask[y, x], box, others, window):
            mask[y, x] = 0.3 * mask[y, x] + 0.7 * fine
    return mask


def _agrees(fine: Floats, coarse: Floats, box: Box, others: list[Box], window: Box) -> bool:
    """Whether a window's salient silhouette is that of the coarse mask or fills the thing's box, and is not another thing."""
    mine, theirs = coarse > 0.5, fine > 0.5
    union = int((mine | theirs).sum())
    if not union or not theirs.any():
        return False
    own = _bounds(theirs)
    own = Box(own.left + window.left, own.top + window.top, own.right + window.left, own.bottom + window.top)
    fit = _fit(own, box)
    if any(_fit(own, other) > fit for other in others):
        return False
    return fit >= _FIT or int((mine & theirs).sum()) >= _AGREEMENT * union


def _fit(one: Box, other: Box) -> float:
    common = one.overlap(other)
    return common / max(1.0, one.area + other.area - common)


def _bounds(mask: NDArray[np.bool_]) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


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
    return sorted(kept, key=lambda mask: -int((mask > 0.5).sum()))


def _salient(image: Bytes, group: Group) -> list[Floats]:
    """The salient object, if the classifier knows it as one of the group: on the whole photo, or on its own window."""
    height, width = image.shape[:2]
    whole = classify(image, group)
    if not allowed("isnet"):
        inset = Box(0.05 * width, 0.05 * height, 0.95 * width, 0.95 * height)
        return [grab_cut(image, inset)] if whole >= _SURE_KIND else []
    if whole < _SURE_KIND / 5:
        return []
    saliency: Floats = cv2.resize(isnet(image), (width, height), interpolation=cv2.INTER_LINEAR)
    inside = saliency > 0.5
    if float(inside.mean()) < 10 * _LEAST_AREA:
        return []
    box = _bounds(inside)
    part = image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    if max(whole, classify(part, group)) < _SURE_KIND:
        return []
    return [_on_its_plate(image, saliency, box) if group == "food" else saliency]


def _on_its_plate(image: Bytes, saliency: Floats, box: Box) -> Floats:
    """A dish's food without the plate: what stands out once the plate fills the view, if it is clearly less and inside."""
    y, x = slice(int(box.top), int(box.bottom)), slice(int(box.left), int(box.right))
    part = np.ascontiguousarray(image[y, x])
    inner: Floats = cv2.resize(isnet(part), part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    inside = inner > 0.5
    share = float(inside.sum()) / max(1.0, float((saliency > 0.5).sum()))
    rim = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    if not _PLATE_LEAST < share < _PLATE_MOST or float(rim.mean()) > _PLATE_RIM:
        return saliency
    food = np.zeros_like(saliency)
    food[y, x] = inner
    return food
