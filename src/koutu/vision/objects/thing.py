"""What the detector and the mask head speak about: groups, boxes, and things found."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["person", "animal", "vehicle", "food", "furniture", "thing"]
GROUPS: tuple[Group, ...] = ("person", "animal", "vehicle", "food", "furniture", "thing")


@dataclass(frozen=True, slots=True)
class Box:
    """A box in pixels of the photo; right and bottom lie outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """Pixels inside."""
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def overlap(self, other: "Box") -> float:
        """Pixels that both boxes cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)


@dataclass(frozen=True, slots=True)
class Thing:
    """A detected thing: its box, COCO category (1..90), group, and the detector's confidence 0..1.

    closer: it was found in a closer look at a part of the photo, not on the whole.
    """

    box: Box
    category: int
    group: Group
    score: float
    closer: bool = False


def group_of(category: int) -> Group:
    """The group of a COCO category."""
    if category == 1:
        return "person"
    if 2 <= category <= 9:
        return "vehicle"
    if 16 <= category <= 25:
        return "animal"
    if 52 <= category <= 61:
        return "food"
    if category in (15, 62, 63, 65, 67):
        return "furniture"
    return "thing"
