"""What the scene head sees of a group where no box of the detector led to it: parts beyond a box, things in a crowd."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.bounds import bounds

Floats = NDArray[np.float32]

_SEEN = 0.45
_SURE = 0.6  # mean over the whole part
_LEAST_PART = 0.005
_LEAST_THING = 0.02
_INSIDE = 0.5
_SPECK = 1 / 320  # of the long side: thinner lines along a mask's border are its doubt, not a part


def unboxed(masks: list[Floats], own: Floats) -> list[Floats]:
    """Add what the masks miss.

    Args:
        masks: float32 (H, W), 0..1, of the things that are known.
        own: the scene head's probability of the group, float32 (H, W), 0..1.

    Returns:
        The masks; a part that lies mostly within the bounds of one is joined to it, any other is one more thing at the end.
    """
    found = list(masks)
    height, width = own.shape
    side = 2 * max(1, round(_SPECK * max(height, width))) + 1
    speck = np.ones((side, side), np.uint8)
    taken = np.maximum.reduce(masks) > 0.5 if masks else np.zeros(own.shape, bool)
    missed = cv2.morphologyEx(((own > _SEEN) & ~taken).astype(np.uint8), cv2.MORPH_OPEN, speck)
    count, marks, stats, _ = cv2.connectedComponentsWithStats(missed)
    for mark in range(1, count):
        part = marks == mark
        if stats[mark, cv2.CC_STAT_AREA] < _LEAST_PART * own.size or float(own[part].mean()) < _SURE:
            continue
        soft = np.where(cv2.dilate(part.astype(np.uint8), speck) > 0, own, 0).astype(np.float32)
        shares = [_share_within(part, mask) for mask in masks]
        if max(shares, default=0.0) > _INSIDE:
            home = shares.index(max(shares))
            found[home] = np.maximum(found[home], soft)
        elif stats[mark, cv2.CC_STAT_AREA] >= _LEAST_THING * own.size:
            found.append(soft)
    return found


def _share_within(part: NDArray[np.bool_], mask: Floats) -> float:
    """The share of a part that lies in a mask's bounds."""
    return float(part[bounds(mask > 0.5)].sum()) / float(part.sum())
