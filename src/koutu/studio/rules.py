"""Sizes of identity photos, and where head and eyes have to be on them.

Heads are measured from the chin to the crown.

- 35x45 mm: 32 to 36 mm of head (ICAO Doc 9303: 70 to 80 % of the height, eyes at 50 to 70 % from the bottom).
- 51x51 mm (United States): 25 to 35 mm of head, eyes 28 to 35 mm from the bottom.
- 33x48 mm (Chinese passport): 28 to 33 mm of head, 3 to 5 mm above it.
- 50x70 mm (Canada): 31 to 36 mm of head.

Authorities change their rules: ask yours.
"""

import re
from dataclasses import dataclass

from koutu.errors import InvalidParameter

MM_PER_INCH = 25.4
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|px)?", re.IGNORECASE)
_UNITS = {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH}
_LEAST_MM, _MOST_MM = 10.0, 1000.0


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in millimetres."""

    width: float
    height: float

    def pixels(self, dpi: int) -> tuple[int, int]:
        """Width and height in pixels."""
        return round(self.width / MM_PER_INCH * dpi), round(self.height / MM_PER_INCH * dpi)


@dataclass(frozen=True, slots=True)
class Rules:
    """Where the head has to be, as shares of the photo's height.

    Attributes:
        head: aimed at: from chin to crown.
        top: aimed at: from the crown to the upper edge.
        least_head, most_head: what is accepted.
        least_eyes, most_eyes: accepted places of the eye line, from the lower edge.
    """

    head: float
    top: float
    least_head: float
    most_head: float
    least_eyes: float
    most_eyes: float


_GENERAL = Rules(0.62, 0.10, 0.50, 0.80, 0.45, 0.75)
_BY_SIZE = {
    (35, 45): Rules(34 / 45, 4 / 45, 32 / 45, 36 / 45, 0.5, 0.7),
    (51, 51): Rules(30 / 51, 5.5 / 51, 25 / 51, 35 / 51, 28 / 51, 35 / 51),
    (33, 48): Rules(30.5 / 48, 4 / 48, 28 / 48, 33 / 48, 0.5, 0.75),
    (50, 70): Rules(33.5 / 70, 10 / 70, 31 / 70, 36 / 70, 0.5, 0.75),
}
NAMED = {
    "eu": Size(35, 45),
    "icao": Size(35, 45),
    "us": Size(50.8, 50.8),
    "cn": Size(33, 48),
    "ca": Size(50, 70),
    "1inch": Size(25, 35),
    "2inch": Size(35, 49),
}
SHEETS = {
    "a4": Size(210, 297),
    "a5": Size(148, 210),
    "a6": Size(105, 148),
    "4x6in": Size(152.4, 101.6),
    "5x7in": Size(177.8, 127),
}


def read_size(text: str, dpi: int) -> Size:
    """A size such as `35x45mm`, `2x2in`, `3.5x4.5cm`, `413x531px`, or by name (`eu`, `us`, `cn`, `1inch`, ..., `a4`).

    Raises:
        InvalidParameter: it is none of these.
    """
    named = NAMED.get(text.lower()) or SHEETS.get(text.lower())
    if named is not None:
        return named
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        names = ", ".join([*NAMED, *SHEETS])
        raise InvalidParameter(f"{text!r} is no size: write 35x45mm, 2x2in, 413x531px, or one of {names}.")
    unit = MM_PER_INCH / dpi if (match[3] or "").lower() == "px" else _UNITS[(match[3] or "mm").lower()]
    size = Size(float(match[1]) * unit, float(match[2]) * unit)
    if not all(_LEAST_MM <= side <= _MOST_MM for side in (size.width, size.height)):
        raise InvalidParameter(f"{text!r} is no size of a photo: sides are {_LEAST_MM:g} to {_MOST_MM:g} mm.")
    return size


def rules_for(size: Size) -> Rules:
    """The rules of a size; general ones where none are known for it."""
    for (width, height), rules in _BY_SIZE.items():
        if abs(size.width - width) < 0.6 and abs(size.height - height) < 0.6:
            return rules
    return _GENERAL
