"""SegmentCloth: garments by group."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from koutu.actions.elements import largest_first
from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.actions.upright import upright
from koutu.errors import InvalidParameter
from koutu.vision.parsing.garments import GROUPS, garments

_TOGETHER = 1


@in_frame
@upright
def segment_cloth(image: NDArray[np.uint8], cloth_class: Sequence[str] | None = None, out_mode: int | None = None) -> Outcome:
    """Cut out the garments in a photo, uint8 RGB (H, W, 3).

    Args:
        image: the photo.
        cloth_class: the groups that are wanted (tops, coat, skirt, pants, bag, shoes, hat); None = all, and "accessories" for
            what is worn but belongs to none of them. Dresses count as skirt.
        out_mode: 1 = everything wanted in one element; any other = one element per group, named after it.

    Returns:
        Elements on the whole canvas, largest first; none where nothing is worn.

    Raises:
        InvalidParameter: a group is not known.
    """
    wanted = tuple(cloth_class) if cloth_class else GROUPS
    for name in wanted:
        if name not in GROUPS:
            raise InvalidParameter(f"ClothClass must be among {', '.join(GROUPS[:-1])}, not {name!r}.")
    found = garments(image, wanted)
    if out_mode == _TOGETHER and found:
        return Outcome((Element(np.maximum.reduce(list(found.values()))),))
    return Outcome(largest_first(Element(alpha, name=name) for name, alpha in found.items()))
