"""The photos of all speed figures: the shipped samples, enlarged or cut to size."""

import io
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageOps

SIZE = (1280, 960)
_NAMES = ("skimage_chelsea.png", "skimage_astronaut.png", "skimage_coffee.png", "sklearn_flower.jpg")


def write_photos(folder: Path, size: tuple[int, int] = SIZE) -> list[Path]:
    """Write the photos as JPEG files of quality 90."""
    paths = []
    for name in _NAMES:
        path = folder / f"{Path(name).stem}-{size[0]}x{size[1]}.jpg"
        with Image.open(io.BytesIO((files("koutu.samples") / name).read_bytes())) as photo:
            ImageOps.fit(photo.convert("RGB"), size, Image.Resampling.BICUBIC).save(path, "JPEG", quality=90)
        paths.append(path)
    return paths
