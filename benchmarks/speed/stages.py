"""Where the time of a call goes, stage by stage, and how far each stage is from its floor."""

import io
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.speed.figures import table
from koutu import library
from koutu.contract import ACTIONS
from koutu.images import compose
from koutu.vision.saliency import isnet, subject

_PLACES = (
    ("decode", library, "decode"),
    ("to the network's input", isnet, "pixels"),
    ("inference", isnet, "run"),
    ("solid interior", subject, "solid_interior"),
    ("guided upsampling", subject, "guided_upsample"),
    ("foreground colours", compose, "ForegroundRows"),
    ("filter and deflate", compose, "encode_png"),
)


def lines(photos: list[Path], rounds: int) -> Iterator[str]:
    """Time every stage of SegmentCommonImage in this process and give the table."""
    clock: dict[str, float] = defaultdict(float)
    originals = [(module, name, getattr(module, name)) for _, module, name in _PLACES]
    for (stage, module, name), (_, _, function) in zip(_PLACES, originals, strict=True):
        setattr(module, name, _timed(function, stage, clock))
    try:
        best: dict[str, float] = {}
        for photo in photos:
            shortest = None
            for _ in range(rounds):
                clock.clear()
                started = time.perf_counter()
                data = photo.read_bytes()
                next(iter(library.run(ACTIONS["SegmentCommonImage"], {"ImageURL": data}).encode()))
                clock["whole"] = time.perf_counter() - started
                if shortest is None or clock["whole"] < shortest["whole"]:
                    shortest = dict(clock)
            assert shortest is not None
            for stage, seconds in shortest.items():
                best[stage] = best.get(stage, 0) + seconds / len(photos)
    finally:
        for module, name, function in originals:
            setattr(module, name, function)
    best["rest"] = best["whole"] - sum(best[stage] for stage, _, _ in _PLACES)
    floors = _floors(photos[0])
    rows = [
        (stage, f"{best[stage] * 1e3:.1f}", f"{best[stage] / best['whole']:.0%}", floors.get(stage, ""))
        for stage in (*(stage for stage, _, _ in _PLACES), "rest", "whole")
    ]
    yield table(("stage", "ms", "share", "floor"), rows)
    yield f"Not inference: {1 - best['inference'] / best['whole']:.0%} of the call."


def _timed(function: Callable[..., Any], stage: str, clock: dict[str, float]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            clock[stage] += time.perf_counter() - started

    return timed


def _floors(photo: Path) -> dict[str, str]:
    """What the machine needs at least: the codec alone, one copy of the pixels."""
    data = np.frombuffer(photo.read_bytes(), np.uint8)
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    rgba = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGBA)
    copy = _best(lambda: rgba.copy())
    scaled = _best(lambda: cv2.resize(decoded, (1024, 1024), interpolation=cv2.INTER_AREA))
    return {
        "decode": f"libjpeg-turbo alone {_best(lambda: cv2.imdecode(data, cv2.IMREAD_COLOR)):.1f} ms",
        "to the network's input": f"the resize alone {scaled:.1f} ms",
        "guided upsampling": f"one copy of the result {copy / 4:.2f} ms",
        "foreground colours": f"one copy of the colours {copy * 3 / 4:.2f} ms",
        "filter and deflate": f"one copy of the pixels {copy:.2f} ms; Pillow at its quickest {_pillow(rgba):.0f} ms",
        "inference": f"{os.cpu_count()} cores busy; see the precisions",
    }


def _pillow(rgba: np.ndarray) -> float:
    image = Image.fromarray(rgba)
    return _best(lambda: image.save(io.BytesIO(), "PNG", compress_level=1))


def _best(call: Callable[[], object], rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times) * 1e3
