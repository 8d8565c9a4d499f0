"""Whether memory grows over many mixed calls of the library: `python -m benchmarks.leak [CALLS]`.

Every action that takes one photo is called in turn on the shipped samples, small. The slope is of the resident memory over the
second half of the calls, after caches have filled and every network has been loaded.
"""

import io
import re
import sys
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

from koutu import library
from koutu.contract import ACTIONS, Action
from koutu.errors import KoutuError

CALLS = 2000
_SIDE = 320
_NAMES = ("skimage_astronaut.png", "skimage_chelsea.png", "skimage_coffee.png", "skimage_rocket.jpg", "sklearn_flower.jpg")


def resident() -> float:
    """Resident memory of this process, in MB."""
    return int(re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1e3


def photo(name: str) -> bytes:
    """A sample as a small JPEG file."""
    with Image.open(io.BytesIO((files("koutu.samples") / name).read_bytes())) as sample:
        small = sample.convert("RGB")
        small.thumbnail((_SIDE, _SIDE))
        buffer = io.BytesIO()
        small.save(buffer, "JPEG")
    return buffer.getvalue()


def call(action: Action, data: bytes) -> bool:
    """Whether a call found something; what is not in the photo is an answer too."""
    try:
        for _ in library.run(action, {action.images[0].name: data}).encode():
            pass
    except KoutuError:
        return False
    return True


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    actions = [action for action in ACTIONS.values() if len(action.images) == 1]
    photos = [photo(name) for name in _NAMES]
    found = 0
    memory = []
    started = time.monotonic()
    for number in range(calls):
        found += call(actions[number % len(actions)], photos[number % len(photos)])
        memory.append(resident())
    half = np.arange(calls // 2, calls)
    slope = np.polyfit(half, np.array(memory)[half], 1)[0] * 1000
    print(f"{calls} calls of {len(actions)} actions in {time.monotonic() - started:.0f} s, {found} found something")
    points = (memory[len(actions)], memory[calls // 2], memory[-1])
    print("memory: {:.0f} MB after the first round, {:.0f} half-way, {:.0f} at the end".format(*points))
    print(f"slope over the second half: {slope:+.1f} MB per 1000 calls")


if __name__ == "__main__":
    main()
