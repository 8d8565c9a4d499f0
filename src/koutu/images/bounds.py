"""Where the pixels of a mask lie."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def bounds(mask: NDArray[Any], margin: int = 0) -> tuple[slice, slice]:
    """The smallest part of a mask that holds all its pixels which are not 0.

    Args:
        mask: (H, W), of any kind.
        margin: how many pixels more on each side, as far as the mask reaches.

    Returns:
        Its rows and columns, both empty where the mask is.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return slice(0, 0), slice(0, 0)
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    tight = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return widened(tight, margin, mask.shape)


def widened(part: tuple[slice, slice], margin: int, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """A part of a picture with so many pixels more on each side, as far as the picture, (H, W), reaches."""
    (rows, columns), (height, width) = part, shape
    return (
        slice(max(0, rows.start - margin), min(height, rows.stop + margin)),
        slice(max(0, columns.start - margin), min(width, columns.stop + margin)),
    )
