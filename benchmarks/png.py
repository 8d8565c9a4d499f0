"""PNG encoders side by side on one RGBA cutout: `python -m benchmarks.png [SIDE]`."""

import io
import sys
import time
from collections.abc import Callable
from importlib.resources import files

import cv2
import numpy as np
from PIL import Image

from koutu.images.png import encode_png

ROUNDS = 5


def cutout(side: int) -> np.ndarray:
    """The sample astronaut in a soft disc, uint8 (side, side, 4)."""
    with Image.open(io.BytesIO((files("koutu.samples") / "skimage_astronaut.png").read_bytes())) as photo:
        rgb = np.asarray(photo.convert("RGB").resize((side, side), Image.Resampling.BICUBIC))
    y, x = np.mgrid[:side, :side]
    alpha = np.clip((side * 0.4 - np.hypot(x - side / 2, y - side / 2)) * 16, 0, 255).astype(np.uint8)
    rgba = np.dstack([rgb, alpha])
    rgba[alpha == 0] = 0
    return rgba


def _pillow(rgba: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG")
    return buffer.getvalue()


def _koutu(rgba: np.ndarray) -> bytes:
    return encode_png(lambda top, bottom: rgba[top:bottom], rgba.shape[1], rgba.shape[0], 4)


def _opencv(rgba: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", rgba)[1])


def main() -> None:
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rgba = cutout(side)
    encoders: dict[str, Callable[[np.ndarray], bytes]] = {"koutu": _koutu, "opencv": _opencv, "pillow": _pillow}
    times: dict[str, list[float]] = {name: [] for name in encoders}
    sizes = {}
    for _ in range(ROUNDS):
        for name, encode in encoders.items():
            started = time.perf_counter()
            sizes[name] = len(encode(rgba))
            times[name].append(time.perf_counter() - started)
    best = min(times["koutu"])
    print(f"{side}x{side} RGBA, best of {ROUNDS}")
    for name in encoders:
        print(f"{name:8} {min(times[name]) * 1e3:8.1f} ms  {min(times[name]) / best:6.1f}x  {sizes[name] / 1e6:7.2f} MB")


if __name__ == "__main__":
    main()
