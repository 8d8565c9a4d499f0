"""How actions hold on changed photos: python -m benchmarks.robustness [action ...].

Each labelled validation photo is also made small, dark, turned, ... and the mean IoU of all changes is printed side by side.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

import cv2
import numpy as np
from numpy.typing import NDArray
from training.common.datasets import pairs, thin

from benchmarks.quality.answers import union
from benchmarks.quality.metrics import iou, mean
from benchmarks.quality.people import FACE, HAIR, HEAD, SKIN

Photo = NDArray[np.uint8]
Change = Callable[[Photo, Photo], tuple[Photo, Photo]]


@dataclass(frozen=True)
class Labelled:
    """A set with the ids that are the thing, and those that nobody knows."""

    dataset: str
    ids: tuple[int, ...]
    unknown: tuple[int, ...] = ()


_CCP = tuple(range(1, 59))
_SETS = {
    "segment_hair": Labelled("celebamask_ce7454", HAIR),
    "segment_skin": Labelled("celebamask_ce7454", SKIN),
    "segment_head": Labelled("celebamask_ce7454", HEAD),
    "segment_face": Labelled("celebamask_ce7454", FACE),
    "segment_body": Labelled("ccp_clothing", _CCP),
    "segment_animal": Labelled("oxford_pets370", (1, 2), (255,)),
    "segment_food": Labelled("kuih", (255,)),
    "segment_sky": Labelled("stanford_background", (0,), (255,)),
    "segment_common_image": Labelled("oxford_pets370", (1, 2), (255,)),
}
_NOTHING = 254  # label of pixels that a change added: not the thing


def _sized(factor: float) -> Change:
    def change(photo: Photo, labels: Photo) -> tuple[Photo, Photo]:
        size = round(photo.shape[1] * factor), round(photo.shape[0] * factor)
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        return cv2.resize(photo, size, interpolation=way), cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)  # type: ignore[return-value]

    return change


def _far(photo: Photo, labels: Photo) -> tuple[Photo, Photo]:
    """The photo at half its size in the lower middle of a flat grey canvas."""
    photo, labels = _sized(0.5)(photo, labels)
    height, width = labels.shape
    side = 3 * max(height, width)
    canvas, truth = np.full((side, side, 3), 90, np.uint8), np.full((side, side), _NOTHING, np.uint8)
    left = (side - width) // 2
    canvas[side - height :, left : left + width], truth[side - height :, left : left + width] = photo, labels
    return canvas, truth


def _turned(degrees: float) -> Change:
    def change(photo: Photo, labels: Photo) -> tuple[Photo, Photo]:
        height, width = labels.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.8)
        turned = cv2.warpAffine(photo, matrix, (width, height), borderValue=(128, 128, 128))
        truth = cv2.warpAffine(labels, matrix, (width, height), flags=cv2.INTER_NEAREST, borderValue=(_NOTHING,))
        return turned, truth  # type: ignore[return-value]

    return change


def _quarter(times: int) -> Change:
    return lambda photo, labels: (np.ascontiguousarray(np.rot90(photo, times)), np.ascontiguousarray(np.rot90(labels, times)))


def _toned(tone: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Change:
    return lambda photo, labels: (np.clip(tone(photo / 255.0) * 255, 0, 255).astype(np.uint8), labels)


def _grey(photo: Photo, labels: Photo) -> tuple[Photo, Photo]:
    return np.repeat(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2).astype(np.uint8), labels


def _coarse(photo: Photo, labels: Photo) -> tuple[Photo, Photo]:
    coded = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, 10])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR).astype(np.uint8), labels


def _noisy(photo: Photo, labels: Photo) -> tuple[Photo, Photo]:
    noise = np.random.default_rng(0).normal(0, 20, photo.shape)
    return np.clip(photo + noise, 0, 255).astype(np.uint8), labels


CHANGES: dict[str, Change] = {
    "as it is": lambda photo, labels: (photo, labels),
    "a third": _sized(1 / 3),
    "4 times": _sized(4),
    "far": _far,
    "30 degrees": _turned(30),
    "90 degrees": _quarter(1),
    "180 degrees": _quarter(2),
    "dark": _toned(lambda x: 0.8 * x**2.2),
    "bright": _toned(lambda x: 1.08 * x**0.5),
    "warm": _toned(lambda x: x * (1.15, 0.95, 0.65)),
    "grey": _grey,
    "JPEG 10": _coarse,
    "noise": _noisy,
}


def measured(action: str, change: Change) -> Iterator[float]:
    """IoU of each photo that shows the thing, after the change."""
    do, labelled = getattr(import_module(f"koutu.actions.{action}"), action), _SETS[action]
    for pair in pairs(labelled.dataset, "val"):
        photo, labels = change(*pair.read())
        truth = np.isin(labels, labelled.ids)
        if truth.any():
            yield iou(union(do, photo), truth, ~np.isin(labels, labelled.unknown))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("actions", nargs="*", help=f"some of: {', '.join(_SETS)}; all when absent")
    parser.add_argument("--every", type=int, default=4, help="score every so many-th photo alone")
    arguments = parser.parse_args()
    thin(arguments.every)
    print("| action | " + " | ".join(CHANGES) + " |")
    print("| --- |" + " --- |" * len(CHANGES))
    for action in arguments.actions or _SETS:
        print(f"| {action} |", end="", flush=True)
        for change in CHANGES.values():
            scores = list(measured(action, change))
            lost = sum(score < 0.3 for score in scores)
            print(f" {mean(scores):.3f} ({lost}) |", end="", flush=True)
        print()


if __name__ == "__main__":
    main()
