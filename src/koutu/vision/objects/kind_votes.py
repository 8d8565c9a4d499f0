"""What the scene head says about things: for each pixel, how likely it belongs to a group, and how likely to what hides it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import allowed, catalog, replaced
from koutu.vision.objects.thing import Box, Group
from koutu.vision.scenes.label_scene import kind_probabilities

Floats = NDArray[np.float32]

_FROM, _TO = 0.4, 0.8
_FAINT = 0.3  # probability from which a pixel counts in a box in which the detector sees the group
_LEAST_SHARE, _LEAST_SEEN = 0.05, 0.6  # of the box, and on average where it counts
# what hides parts of a group's things, and is told from them well
_IN_FRONT: dict[Group, tuple[Group, ...]] = {
    "animal": ("person",),
    "vehicle": ("person", "animal"),
    "food": ("person",),
    "furniture": ("person", "animal", "food"),
}


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes on the whole photo's canvas, float32 (H, W), 0..1.

    Attributes:
        own: for the group that was asked for.
        others: for the groups that may be in front of it.
    """

    own: Floats
    others: Floats

    def on(self, mask: Floats) -> Floats:
        """A mask, float32 (H, W), 0..1, without what is rather another kind's than its own: a person on a bench, say."""
        doubt = np.clip((self.others - self.own - _FROM) / (_TO - _FROM), 0, 1)
        voted: Floats = (mask * (1 - doubt)).astype(np.float32)
        return voted

    def within(self, box: Box) -> Floats:
        """A mask, float32 (H, W), 0..1, of what is seen of the group in a box; empty where that is little or doubtful."""
        found = np.zeros_like(self.own)
        part = np.s_[max(0, int(box.top)) : int(np.ceil(box.bottom)), max(0, int(box.left)) : int(np.ceil(box.right))]
        found[part] = np.clip(self.own[part] * (0.5 / _FAINT), 0, 1)
        enough = int((found > 0.5).sum()) >= _LEAST_SHARE * box.area and self.seen(found) >= _LEAST_SEEN
        return found if enough else np.zeros_like(found)

    def seen(self, mask: Floats) -> float:
        """How likely the group is where a mask, float32 (H, W), is over .5: 0..1, the mean; 0 for an empty mask."""
        inside = mask > 0.5
        return float(self.own[inside].mean()) if inside.any() else 0.0


def kind_votes(image: NDArray[np.uint8], group: Group) -> Votes | None:
    """Ask the scene head.

    Args:
        image: uint8 RGB (H, W, 3).
        group: animal, vehicle, food or furniture.

    Returns:
        The votes; None where the head may not run, or a user's own network without these groups stands in for it.

    Raises:
        ModelFault: the model is missing.
    """
    if not allowed("things_scene") or replaced("things_scene"):
        return None
    found = kind_probabilities(image)
    names = catalog()["things_scene"].classes
    size = image.shape[1::-1]
    own: Floats = cv2.resize(found[names.index(group)], size, interpolation=cv2.INTER_LINEAR)
    rest = np.sum([found[names.index(kind)] for kind in _IN_FRONT[group]], axis=0, dtype=np.float32)
    others: Floats = cv2.resize(rest, size, interpolation=cv2.INTER_LINEAR)
    return Votes(own, others)
