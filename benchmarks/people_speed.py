"""Print what actions on people cost, in ISNet passes of the same run: python -m benchmarks.people_speed [--rounds N]."""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.actions.parse_face import parse_face
from koutu.actions.segment_body import segment_body
from koutu.actions.segment_cloth import segment_cloth
from koutu.actions.segment_face import segment_face
from koutu.actions.segment_hair import segment_hair
from koutu.actions.segment_head import segment_head
from koutu.actions.segment_skin import segment_skin
from koutu.vision.saliency.isnet import isnet

Photo = NDArray[np.uint8]

_PHOTO = Path(__file__).resolve().parents[1] / "src" / "koutu" / "samples" / "skimage_astronaut.png"
_SIDE = 1280
_FACES = 4


def crowd(person: Photo, count: int) -> Photo:
    """``count`` people on a grey canvas of 1280x1280 pixels, in a grid of two by two."""
    canvas = np.full((_SIDE, _SIDE, 3), 128, np.uint8)
    half = _SIDE // 2
    small = cv2.resize(person, (half, half), interpolation=cv2.INTER_AREA)
    for index in range(count):
        row, column = divmod(index, 2)
        canvas[row * half : (row + 1) * half, column * half : (column + 1) * half] = small
    return canvas


def medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds by name; the calls take turns, so that a busy moment meets them all."""
    for call in calls.values():
        call()
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    photo = cv2.imread(str(_PHOTO), cv2.IMREAD_COLOR)
    if photo is None:
        raise FileNotFoundError(_PHOTO)
    person = cv2.resize(photo[..., ::-1], (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    one, many = crowd(person, 1), crowd(person, _FACES)
    bars = {"SegmentBody": 1.5, "SegmentHead": 1.2, "SegmentFace": 1.2, "SegmentHair": 1.2, "ParseFace": 1.2}
    each = (segment_body, segment_head, segment_face, segment_hair, parse_face)
    calls: dict[str, Callable[[], object]] = {"ISNet": partial(isnet, person)}
    calls |= {name: partial(action, person) for name, action in zip(bars, each, strict=True)}
    calls |= {"SegmentSkin": partial(segment_skin, person), "SegmentCloth": partial(segment_cloth, person)}
    heads = {"SegmentHead": segment_head, "SegmentFace": segment_face, "SegmentHair": segment_hair}
    for name, action in heads.items():
        calls[f"{name} 1"], calls[f"{name} {_FACES}"] = partial(action, one), partial(action, many)
    taken = medians(calls, rounds)
    print(
        f"{os.cpu_count()} cores, {_SIDE}x{_SIDE}, median of {rounds} rounds; one ISNet pass {taken['ISNet'] * 1000:.0f} ms\n"
    )
    print("| action | ISNet passes | bar |\n| --- | --- | --- |")
    for name in [*bars, "SegmentSkin", "SegmentCloth"]:
        bar = f"{bars[name]:.1f}" if name in bars else ""
        print(f"| {name}, one person | {taken[name] / taken['ISNet']:.2f} | {bar} |")
    for name in heads:
        further = (taken[f"{name} {_FACES}"] - taken[f"{name} 1"]) / (_FACES - 1) / taken["ISNet"]
        print(f"| {name}, each further face | {further:.2f} | 0.1 |")


if __name__ == "__main__":
    main()
