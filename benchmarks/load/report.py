"""Figures beside their bars, as a table; the command ends with status 1 where one is missed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        what: what was counted or measured.
        figure: what came out, with its unit.
        bar: what is asked for; empty where nothing is.
        held: whether the figure is within the bar.
    """

    what: str
    figure: str
    bar: str = ""
    held: bool = True


def report(title: str, figures: list[Figure]) -> None:
    """Print the table.

    Raises:
        SystemExit: a bar was missed.
    """
    rows = [("what", "figure", "bar", "")]
    rows += [(line.what, line.figure, line.bar, ("held" if line.held else "MISSED") if line.bar else "") for line in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    print(title)
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths).rstrip())
    if not all(line.held for line in figures):
        raise SystemExit(1)
