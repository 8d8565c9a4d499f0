"""Foreground colour estimators side by side on composites whose true colours are known: `python -m benchmarks.foreground`.

The alphas are the soft ones of the development data (KOUTU_DEV_DATA); PyMatting is compared where it is installed.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np

from koutu.images.estimate_foreground import estimate_foreground
from koutu.images.foreground import ForegroundRows

Estimator = Callable[[np.ndarray, np.ndarray], np.ndarray]


def composites(folder: Path) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """True foreground (H, W, 3), alpha (H, W) and their composite (H, W, 3), float32 0..1."""
    photos = [cv2.imread(str(path))[..., ::-1] for path in sorted(Path(str(files("koutu.samples"))).glob("*.[jp][pn]g"))]
    for index, path in enumerate(sorted((folder / "alphamatting27" / "masks").glob("*.png"))):
        alpha = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) / np.float32(255)
        size = alpha.shape[::-1]
        front = cv2.GaussianBlur(cv2.resize(photos[index % len(photos)], size), (0, 0), 2) / np.float32(255)
        back = cv2.resize(photos[(index * 5 + 1) % len(photos)], size) / np.float32(255)
        mixed = alpha[..., None] * front + (1 - alpha[..., None]) * back
        yield front, alpha, (np.rint(mixed * 255) / 255).astype(np.float32)


def _rows(image: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """As results have it: from bytes, on fewer pixels, refined at full size."""
    rgb, alpha8 = (np.rint(array * 255).astype(np.uint8) for array in (image, alpha))
    return ForegroundRows(rgb, alpha8)(0, alpha.shape[0])[..., :3] * np.float32(1 / 255)


def estimators() -> dict[str, Estimator]:
    """Name -> estimator."""
    found: dict[str, Estimator] = {
        "untouched": lambda image, alpha: image,
        "koutu": lambda image, alpha: estimate_foreground(image, alpha)[0],
        "koutu rows": _rows,
    }
    try:
        from pymatting import estimate_foreground_ml
    except ImportError:
        return found
    found["pymatting ml"] = lambda image, alpha: estimate_foreground_ml(image.astype(np.float64), alpha.astype(np.float64))
    return found


def main() -> None:
    folder = os.environ.get("KOUTU_DEV_DATA")
    if folder is None:
        sys.exit("set KOUTU_DEV_DATA to the folder of the development data")
    cases = list(composites(Path(folder)))
    print(f"{len(cases)} composites; error in soft pixels, weighted by alpha, 0..255")
    for name, estimate in estimators().items():
        estimate(cases[0][2], cases[0][1])
        errors, seconds = [], 0.0
        for front, alpha, image in cases:
            started = time.perf_counter()
            found = estimate(image, alpha)
            seconds += time.perf_counter() - started
            soft = (alpha > 0.02) & (alpha < 0.98)
            errors.append(float((np.abs(found - front).mean(axis=2) * alpha)[soft].mean()) * 255)
        print(f"{name:14} error {np.mean(errors):6.2f}   {seconds / len(cases) * 1e3:7.1f} ms a picture")


if __name__ == "__main__":
    main()
