"""Medians, ratios and their spread, and how they are printed."""

import statistics
from collections.abc import Iterable, Sequence


def ratios(slower: Sequence[float], faster: Sequence[float]) -> str:
    """The median of the rounds' ratios with their quartiles: "2.31 (2.25 to 2.40)"; both have a time of every round."""
    each = [s / f for s, f in zip(slower, faster, strict=True)]
    low, middle, high = statistics.quantiles(each, n=4) if len(each) > 1 else each * 3
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def milliseconds(seconds: Sequence[float]) -> str:
    """The median in ms."""
    return f"{statistics.median(seconds) * 1e3:.0f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
