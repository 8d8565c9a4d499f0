"""A second look at people in a photo: the matting network sees each of them larger, in the detector's boxes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed
from koutu.vision.objects.ask_mask import ask_mask
from koutu.vision.objects.thing import Box, Group, Thing
from koutu.vision.parsing.window import Window
from koutu.vision.people.rvm import rvm

Floats = NDArray[np.float32]

_LARGE = 0.6  # of the photo: a person who takes so much was seen well enough
_LOOKS = 12
_ROOM = 1.4  # side of a look in longer sides of the box
_MARGIN = 0.1  # of the box's sides: how far a person may reach beyond it
_LEAST_ANIMAL = 0.5
_DOUBT = np.float32(0.7)  # how much the mask head counts where it sees an animal
# Votes, chosen on both splits of VOC and COCO; each half of them alone chooses about the same.
_JOINED, _LOOKED, _PARSED, _ANIMAL, _LEAST = map(np.float32, (3, 1.5, 2, 1.2, 2.1))
_RAMP = np.float32(0.6)  # alpha for each vote where the votes overrule the matting network


def closer_look(image: NDArray[np.uint8], people: Floats, sure: Floats, scale: float, things: list[Thing]) -> Floats:
    """Join what was seen of people in the whole photo with a look at each box, and let the human parser and the animals vote.

    Args:
        image: uint8 RGB (H, W, 3).
        people: float32 (h, w), 0..1, alpha of all people as the whole photo shows them.
        sure: float32 (h, w), 0..1, probability of people as the human parser sees them.
        scale: size of ``people`` against the photo.
        things: what the detector saw.

    Returns:
        float32 (h, w), 0..1.
    """
    height, width = image.shape[:2]
    boxes = [thing.box for thing in things if thing.group == "person" and thing.box.area < _LARGE * height * width]
    beasts = with_animals(things)
    looked, near = np.zeros_like(people), np.zeros(people.shape, np.bool_)
    for box in sorted(boxes, key=lambda box: -box.area)[:_LOOKS]:
        window = _window(box)
        seen = window.put_back(rvm(image, window, twice=beasts).of("person"), (0, 0, width, height), scale)
        np.maximum(looked, seen, out=looked)
        near[_part(box, scale)] = True
    # The mean where both agree, so that edges stay soft; the one who saw somebody where they do not.
    more = looked - people
    joined: Floats = np.where(near, people + (1 + more) * more * np.float32(0.5), people)
    animals = [thing.box for thing in things if thing.group == "animal" and thing.score >= _LEAST_ANIMAL]
    beast = np.zeros_like(people)
    if animals and allowed("things_mask"):
        beast = _masks(image, animals, "animal", people.shape)
        person = _masks(image, boxes, "person", people.shape)
        joined = np.clip(joined - _DOUBT * np.maximum(beast - person, 0), 0, 1)
    return voted(joined, looked, sure, beast)


def with_animals(things: list[Thing]) -> bool:
    """Whether there is an animal: the matting network takes some for people, so it is asked twice there."""
    return any(thing.group == "animal" for thing in things)


def voted(joined: Floats, looked: Floats, sure: Floats, beast: Floats) -> Floats:
    """Keep the matting network's soft alpha where the votes agree with it; elsewhere the votes decide.

    Args:
        joined: float32 (h, w), 0..1, alpha of people,
        looked: in closer looks alone,
        sure: by the human parser,
        beast: probability of animals.
    """
    votes = _JOINED * joined + _LOOKED * looked + _PARSED * sure - _ANIMAL * beast - _LEAST
    decision: Floats = np.where((votes > 0) == (joined > 0.5), joined, np.clip(_RAMP * votes + np.float32(0.5), 0, 1))
    return decision


def _masks(image: NDArray[np.uint8], boxes: list[Box], group: Group, shape: tuple[int, ...]) -> Floats:
    """What the mask head takes for a group in some boxes, float32 ``shape`` on the whole photo."""
    together = np.zeros(shape, np.float32)
    for box in boxes[:_LOOKS]:
        mask = ask_mask(image, box, group).on_canvas(image.shape[1], image.shape[0])
        np.maximum(together, cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_AREA), out=together)
    return together


def _window(box: Box) -> Window:
    return Window(
        (box.left + box.right) / 2,
        (box.top + box.bottom) / 2,
        _ROOM * max(box.right - box.left, box.bottom - box.top),
    )


def _part(box: Box, scale: float) -> tuple[slice, slice]:
    across, down = _MARGIN * (box.right - box.left), _MARGIN * (box.bottom - box.top)
    rows = slice(max(0, round((box.top - down) * scale)), max(0, round((box.bottom + down) * scale)))
    return rows, slice(max(0, round((box.left - across) * scale)), max(0, round((box.right + across) * scale)))
