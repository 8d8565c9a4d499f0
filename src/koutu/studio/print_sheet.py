"""Print sheets: as many copies of a photo as a sheet of paper holds, with marks to cut along."""

import numpy as np
from numpy.typing import NDArray

from koutu.errors import InvalidParameter
from koutu.studio.rules import MM_PER_INCH, Size

Bytes = NDArray[np.uint8]

_GAP_MM = 2.0
_EDGE_MM = 4.0  # printers leave about this much blank
_MARK = 150


def print_sheet(photo: Bytes, size: Size, paper: Size, dpi: int) -> tuple[Bytes, int]:
    """Lay out copies of a photo.

    Args:
        photo: uint8 RGB (H, W, 3).
        size: of a photo's print.
        paper: of the sheet; it is turned where that holds more.
        dpi: pixels per inch.

    Returns:
        uint8 RGB (H, W, 3), and the number of copies.

    Raises:
        InvalidParameter: the sheet does not hold one photo.
    """
    turned = Size(paper.height, paper.width)
    paper = max((paper, turned), key=lambda sheet: _count(size, sheet)[0] * _count(size, sheet)[1])
    columns, rows = _count(size, paper)
    if not columns or not rows:
        raise InvalidParameter(
            f"A sheet of {paper.width:g}x{paper.height:g} mm does not hold {size.width:g}x{size.height:g} mm."
        )
    width, height = paper.pixels(dpi)
    sheet = np.full((height, width, 3), 255, np.uint8)
    gap = round(_GAP_MM / MM_PER_INCH * dpi)
    left = (width - columns * photo.shape[1] - (columns - 1) * gap) // 2
    top = (height - rows * photo.shape[0] - (rows - 1) * gap) // 2
    for row in range(rows):
        for column in range(columns):
            y, x = top + row * (photo.shape[0] + gap), left + column * (photo.shape[1] + gap)
            _mark(sheet, x, y, photo.shape[1], photo.shape[0], max(2, gap // 2))
            sheet[y : y + photo.shape[0], x : x + photo.shape[1]] = photo
    return sheet, rows * columns


def _count(size: Size, paper: Size) -> tuple[int, int]:
    def fit(space: float, one: float) -> int:
        return max(0, int((space - 2 * _EDGE_MM + _GAP_MM) // (one + _GAP_MM)))

    return fit(paper.width, size.width), fit(paper.height, size.height)


def _mark(sheet: Bytes, x: int, y: int, width: int, height: int, length: int) -> None:
    """Lines outside of the photo's corners."""
    for edge in (x, x + width - 1):
        sheet[max(0, y - length) : y, edge] = _MARK
        sheet[y + height : y + height + length, edge] = _MARK
    for edge in (y, y + height - 1):
        sheet[edge, max(0, x - length) : x] = _MARK
        sheet[edge, x + width : x + width + length] = _MARK
