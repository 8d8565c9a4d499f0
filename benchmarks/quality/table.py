"""The rows of the quality table and how they are printed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure: what was scored, on which photos, what it must reach (bar) and should reach (aim)."""

    action: str
    dataset: str
    metric: str
    bar: float | None
    aim: float | None
    measured: float
    photos: int
    lower_is_better: bool = False
    permissive: float | None = None

    @property
    def verdict(self) -> str:
        """aim, bar or below; empty where no bar is set or nothing was measured."""
        if self.bar is None or math.isnan(self.measured):
            return ""
        sign = -1 if self.lower_is_better else 1
        if self.aim is not None and sign * self.measured >= sign * self.aim:
            return "aim"
        return "bar" if sign * self.measured >= sign * self.bar else "below"


def print_table(rows: Iterable[Row]) -> None:
    """Print rows as they come, as a Markdown table."""
    print("| action | set | metric | bar | aim | measured | photos | verdict | permissive |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        bar, aim = ("" if value is None else f"{value:.2f}" for value in (row.bar, row.aim))
        second = "" if row.permissive is None else f"{row.permissive:.3f}"
        measured = "" if math.isnan(row.measured) else f"{row.measured:.3f}"
        cells = (row.action, row.dataset, row.metric, bar, aim, measured, str(row.photos), row.verdict, second)
        print("| " + " | ".join(cells) + " |", flush=True)
