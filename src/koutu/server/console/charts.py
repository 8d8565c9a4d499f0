"""Where the bars of a chart stand; the template draws them as SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 180
_GAP = 0.28


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the chart's units, with what a reader is told of it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over an axis; `lines` are (y, text) of its scale."""

    bars: list[Bar]
    lines: list[tuple[float, str]]


def bars(points: Sequence[tuple[str, float | None]], unit: str = "") -> Chart:
    """A chart of labelled values; None leaves a place empty."""
    top = _round_up(max((value for _, value in points if value is not None), default=0))
    step = WIDTH / max(1, len(points))
    drawn = []
    for number, (label, value) in enumerate(points):
        height = HEIGHT * (value or 0) / top
        text = "-" if value is None else f"{value:,.0f}{unit}"
        drawn.append(Bar(number * step + step * _GAP / 2, HEIGHT - height, step * (1 - _GAP), height, label, text))
    return Chart(drawn, [(HEIGHT * (1 - share), f"{top * share:,.{0 if top > 2 else 1}f}{unit}") for share in (0.0, 0.5, 1.0)])


def _round_up(value: float) -> float:
    """The next of 2, 4, 10, 20, 40, 100, ... so that half of it is whole."""
    if value <= 2:
        return 2
    power: float = 10 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 4, 10) if factor * power >= value)
