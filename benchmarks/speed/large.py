"""A 10000x10000 JPEG to an RGBA PNG: its time in ISNet passes of the same run, and its peak memory; ten calls at once too."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed.figures import milliseconds, ratios, table
from benchmarks.speed.library import isnet, koutu
from benchmarks.speed.photos import write_photos

SIDE = 10_000
CROWD = 10


def lines(folder: Path, rounds: int) -> Iterator[str]:
    """Run the rounds and give the table."""
    photo = write_photos(folder, (SIDE, SIDE))[0]
    with koutu("auto") as call, isnet() as unit:
        call.call(photo)
        whole, passes = [], []
        for _ in range(rounds):
            passes.append(unit.call(photo))
            whole.append(call.call(photo))
        row = (milliseconds(whole), milliseconds(passes), ratios(whole, passes), f"{call.peak_memory():.0f}")
        peak = call.peak_memory()
        together = call.call(photo, at_once=CROWD)
        crowd = (f"{CROWD}", f"{together:.1f}", f"{together / CROWD:.1f}", f"{peak:.0f}", f"{call.peak_memory():.0f}")
    yield table((f"{SIDE}x{SIDE}, ms", "one ISNet pass, ms", "passes (quartiles)", "peak memory, MB"), [row])
    header = ("calls at once", "s until the last is done", "s for each", "peak before, MB", "peak after, MB")
    yield table(header, [crowd])
