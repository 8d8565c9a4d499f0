"""Cost as work grows: latency against megapixels."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed.figures import milliseconds, ratios, table
from benchmarks.speed.library import isnet, koutu
from benchmarks.speed.photos import write_photos
from benchmarks.speed.plots import Plot

MEGAPIXELS = (1, 2, 4, 8, 16, 32, 64, 100)


def lines(folder: Path, rounds: int) -> Iterator[str | Plot]:
    """One photo at growing sizes, 4:3."""
    rows = []
    calls, units = [], []
    with koutu("auto") as call, isnet() as unit:
        for megapixels in MEGAPIXELS:
            height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
            photo = write_photos(folder, (round(height * 4 / 3), height))[0]
            call.call(photo)
            whole, passes = [], []
            for _ in range(rounds):
                passes.append(unit.call(photo))
                whole.append(call.call(photo))
            photo.unlink()
            calls.append(statistics.median(whole))
            units.append(statistics.median(passes))
            rows.append((str(megapixels), milliseconds(whole), ratios(whole, passes), f"{call.peak_memory():.0f}"))
    yield table(("megapixels", "ms, median", "ISNet passes (quartiles)", "peak memory so far, MB"), rows)
    yield Plot(
        "benchmarks-growth",
        "A whole call, JPEG to RGBA PNG, one at a time",
        "megapixels",
        "seconds",
        {"koutu, auto": (MEGAPIXELS, calls), "one ISNet pass": (MEGAPIXELS, units)},
        log="xy",
    )
