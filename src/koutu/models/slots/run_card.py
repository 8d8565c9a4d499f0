"""Running a user's network by its card."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.engine import Arrays, Session, engine
from koutu.errors import ModelFault
from koutu.models.catalog import catalog
from koutu.models.slots.card import Card
from koutu.models.slots.place import network
from koutu.models.slots.table import SLOTS
from koutu.settings import current

Floats = NDArray[np.float32]

# the 91 numbers of COCO's categories by the 80 that are used
_COCO_80 = np.array([n for n in range(1, 91) if n not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)], np.float32)


def run_maps(card: Card, inputs: Arrays) -> dict[str, Floats]:
    """Run a card's network in the place of the model it stands in for.

    Args:
        card: of a slot of kind map or classes.
        inputs: what the stood-in model would get; the photo is float32 NCHW of any size.

    Returns:
        What that model would give, at the photo's size: 0..1, one channel for a map, one for each class for classes. A class
        that the card does not name gets 0.

    Raises:
        ModelFault: the file is missing, cannot be loaded, or its output does not fit the card.
    """
    slot = SLOTS[card.slot]
    answers = []
    for photo in inputs[slot.image]:
        pixels = (photo.transpose(1, 2, 0) - slot.zero) / (slot.white - slot.zero)
        raw = _named(_infer(card, pixels), card.output.name, card)
        maps = raw.reshape(raw.shape[-3:]) if raw.ndim >= 3 else raw[None]
        maps = _activated(maps, card.output.activation)
        height, width = photo.shape[1:]
        answers.append(np.stack([cv2.resize(m, (width, height), interpolation=cv2.INTER_LINEAR) for m in _wanted(card, maps)]))
    return {slot.answer: np.stack(answers).astype(np.float32)}


def run_boxes(card: Card, image: NDArray[np.uint8]) -> tuple[Floats, Floats, Floats]:
    """Find things with a card's network.

    Args:
        card: of the slot boxes.
        image: uint8 RGB (H, W, 3).

    Returns:
        float32 boxes (N, 4): top, left, bottom, right as shares of the photo; COCO's categories (N,), 1..90; scores (N,).

    Raises:
        ModelFault: the file is missing, cannot be loaded, or its output does not fit the card.
    """
    output = card.output
    answer = _infer(card, image * np.float32(1 / 255))
    rows = _named(answer, output.name, card)
    rows = rows.reshape(-1, rows.shape[-1])
    if output.scores and output.labels:
        scores, labels = (_named(answer, name, card).reshape(-1) for name in (output.scores, output.labels))
    elif rows.shape[1] == 6:
        scores, labels = rows[:, 4], rows[:, 5]
    else:
        raise ModelFault(f"The card of slot boxes must name scores and labels: {output.name or 'its output'} has no 6 columns.")
    if rows.shape[1] < 4 or len(scores) != len(rows) or len(labels) != len(rows):
        raise ModelFault("The boxes, scores and labels of slot boxes have different lengths.")
    boxes = rows[:, :4].copy()
    if output.corners == "xyxy":
        boxes = boxes[:, [1, 0, 3, 2]]
    if output.unit == "pixel":
        height, width = card.input.size
        boxes /= np.array([height, width, height, width], np.float32)
    known = (labels >= 0) & (labels < len(_COCO_80)) if output.categories == "coco80" else (labels >= 1) & (labels <= 90)
    boxes, labels, scores = boxes[known], labels[known], scores[known]
    if output.categories == "coco80":
        labels = _COCO_80[np.rint(labels).astype(np.intp)]
    return np.clip(boxes, 0, 1), labels, scores


def load_card(card: Card) -> None:
    """Load and compile a card's network ahead of its first use.

    Raises:
        ModelFault: the file is missing or cannot be loaded.
    """
    engine().load(_key(card), partial(_session, card))


def _infer(card: Card, pixels: Floats) -> dict[str, Floats]:
    """pixels: float32 RGB (H, W, 3), 0..1."""
    height, width = card.input.size
    shrinks = pixels.shape[0] * pixels.shape[1] > height * width
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    if card.input.channels == "bgr":
        small = small[..., ::-1]
    x = (small * card.input.most - np.array(card.input.mean)) / np.array(card.input.deviation)
    x = x.transpose(2, 0, 1) if card.input.layout == "nchw" else x
    return engine().infer(_key(card), partial(_session, card), {card.input.name: np.ascontiguousarray(x[None], np.float32)})


def _key(card: Card) -> str:
    return f"slot {card.slot}"


def _session(card: Card) -> Session:
    from koutu.models.sessions.openvino import OpenVinoSession

    file = network(card)
    height, width = card.input.size
    shape = (1, 3, height, width) if card.input.layout == "nchw" else (1, height, width, 3)
    outputs = tuple(name for name in (card.output.name, card.output.scores, card.output.labels) if name)
    try:
        return OpenVinoSession(file, ((card.input.name, shape),), outputs, current())
    except ModelFault as error:
        advice = "Is it a sound network, and are the card's input name, size, layout and output names its own?"
        raise ModelFault(f"The file of slot {card.slot}, {file.name}, could not be loaded. {advice}") from error


def _named(answer: dict[str, Floats], name: str, card: Card) -> Floats:
    if name in answer:
        return answer[name]
    if not name and answer:
        return next(iter(answer.values()))
    raise ModelFault(f"The network of slot {card.slot} has no output {name}; it has {', '.join(sorted(answer))}.")


def _activated(maps: Floats, activation: str) -> Floats:
    if activation == "sigmoid":
        return np.asarray(1 / (1 + np.exp(-np.clip(maps, -30, 30))), np.float32)
    if activation == "softmax":
        raised = np.exp(maps - maps.max(axis=0))
        return np.asarray(raised / raised.sum(axis=0), np.float32)
    return np.clip(maps, 0, 1)


def _wanted(card: Card, maps: Floats) -> list[Floats]:
    if SLOTS[card.slot].kind == "map":
        return [maps[-1]]  # of two channels the second is the foreground
    names = card.output.classes
    if len(names) != len(maps):
        raise ModelFault(f"The network of slot {card.slot} gives {len(maps)} classes, its card names {len(names)}.")
    wanted = catalog()[SLOTS[card.slot].model].classes
    strange = sorted(set(names) - set(wanted) - {""})
    if strange:
        raise ModelFault(f"The card of slot {card.slot} names {', '.join(strange)}; there are {', '.join(wanted)}.")
    # several channels may go by one class's name: their probabilities add up
    return [
        np.sum([m for m, n in zip(maps, names, strict=True) if n == name], axis=0) * np.ones_like(maps[0]) for name in wanted
    ]
