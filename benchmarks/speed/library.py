"""Whole calls of a library, from a JPEG file's bytes to a PNG file's, one at a time: ours beside the peers'."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.speed.figures import milliseconds, ratios, table
from benchmarks.speed.peers import ROOT, imgly_folder, rembg_environment, rembg_python
from benchmarks.speed.process import Worker

WORKERS = Path(__file__).parent / "workers"
PRECISIONS = ("exact", "auto")
REMBG = "rembg 2.0.86, isnet-general-use"
IMGLY = "@imgly/background-removal-node 1.4.5, medium"


def koutu(precision: str) -> Worker:
    """Our library at a precision."""
    return _ours("koutu", f"koutu, {precision}", precision)


def isnet(precision: str = "auto") -> Worker:
    """The ISNet network alone, the unit of other figures."""
    return _ours("isnet", "one ISNet pass", precision)


def rembg() -> Worker:
    """Rembg on the same weights."""
    return Worker(REMBG, [rembg_python(), WORKERS / "rembg_worker.py"], rembg_environment(), ROOT)


def imgly() -> Worker:
    """The imgly package under Node."""
    return Worker(IMGLY, ["node", WORKERS / "imgly.mjs"], os.environ, imgly_folder())


def _ours(module: str, name: str, precision: str) -> Worker:
    environment = os.environ | {"KOUTU_PRECISION": precision}
    return Worker(name, [sys.executable, "-m", f"benchmarks.speed.workers.{module}"], environment, ROOT)


def lines(photos: list[Path], rounds: int, *, node: bool) -> Iterator[str]:
    """Run the rounds and give the table."""
    with ExitStack() as stack:
        workers = [stack.enter_context(worker) for worker in (rembg(), *map(koutu, PRECISIONS))]
        if node:
            workers.append(stack.enter_context(imgly()))
        for worker in workers:
            worker.call(photos[0])
        times: dict[str, list[float]] = {worker.name: [] for worker in workers}
        for number in range(rounds):
            for photo in photos:
                for worker in workers if number % 2 else reversed(workers):
                    times[worker.name].append(worker.call(photo))
        rows = [(worker.name, milliseconds(times[worker.name]), ratios(times[REMBG], times[worker.name])) for worker in workers]
    yield table(("whole call", "ms, median", "times rembg's rate (quartiles)"), rows)


def memory_lines(photos: list[Path], *, node: bool) -> Iterator[str]:
    """Peak memory of a fresh process that answers one call, and the time from its start to that answer."""
    rows = []
    makers = [rembg, *((lambda precision=precision: koutu(precision)) for precision in PRECISIONS), *([imgly] if node else [])]
    for make in makers:
        with make() as worker:
            worker.call(photos[0])
            rows.append((worker.name, f"{worker.peak_memory():.0f}", f"{worker.elapsed():.1f}"))
    yield table(("one call in a fresh process", "peak memory, MB", "start to answer, s"), rows)
