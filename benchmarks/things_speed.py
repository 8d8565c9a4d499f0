"""Print what actions on things cost, in ISNet passes of the same run: python -m benchmarks.things_speed [--rounds N]."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from training.common.datasets import pairs

from benchmarks.people_speed import medians
from koutu.actions.segment_animal import segment_animal
from koutu.actions.segment_food import segment_food
from koutu.actions.segment_furniture import segment_furniture
from koutu.actions.segment_scene import segment_scene
from koutu.actions.segment_sky import segment_sky
from koutu.actions.segment_vehicle import segment_vehicle
from koutu.vision.saliency.isnet import isnet

_SAMPLES = Path(__file__).resolve().parents[1] / "src" / "koutu" / "samples"
_SIZES = ((1280, 960), (4000, 3000))


def _photo(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    photo = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if photo is None:
        raise FileNotFoundError(path)
    return np.ascontiguousarray(cv2.resize(photo[..., ::-1], (width, height), interpolation=cv2.INTER_CUBIC))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    shown = {
        segment_animal: _SAMPLES / "skimage_chelsea.png",
        segment_vehicle: _SAMPLES / "skimage_motorcycle_left.png",
        segment_food: pairs("kuih", "val")[0].image,
        segment_furniture: pairs("furniture_roboflow", "val")[0].image,
        segment_sky: _SAMPLES / "sklearn_china.jpg",
        segment_scene: _SAMPLES / "sklearn_china.jpg",
    }
    calls: dict[str, Callable[[], object]] = {"ISNet": partial(isnet, _photo(shown[segment_animal], *_SIZES[0]))}
    for width, height in _SIZES:
        for action, path in shown.items():
            calls[f"{action.__name__} {width}x{height}"] = partial(action, _photo(path, width, height))
    taken = medians(calls, rounds)
    print(f"{os.cpu_count()} cores, median of {rounds} rounds; one ISNet pass {taken['ISNet'] * 1000:.0f} ms\n")
    print("| action | " + " | ".join(f"ISNet passes, {w}x{h}" for w, h in _SIZES) + " |\n| --- | --- | --- |")
    for action in shown:
        ratios = (taken[f"{action.__name__} {w}x{h}"] / taken["ISNet"] for w, h in _SIZES)
        print(f"| {action.__name__} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")


if __name__ == "__main__":
    main()
