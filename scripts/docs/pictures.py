"""Draw the documentation's pictures from the samples that ship: python -m scripts.docs.pictures.

Each action gets a photo and its result side by side, as a small WebP; `strip.webp` is the README's row of such pairs.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import koutu
from koutu.images.sheet import checkerboard
from koutu.results import Result

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "src" / "koutu" / "samples"
FOLDER = ROOT / "build" / "pictures"
HEIGHT = 360
GAP = 10
Pixels = NDArray[np.uint8]
_COLOURS = np.array([[230, 80, 60], [60, 140, 220], [250, 190, 40], [90, 180, 90], [170, 90, 200], [60, 190, 190]], np.uint8)


def _cutout(photo: Pixels, result: Result) -> Pixels:
    """The result on a checkerboard."""
    image = result.image
    if image.mode != "RGBA":
        return np.asarray(image.convert("RGB"))
    pixels = np.asarray(image)
    share = pixels[..., 3:].astype(np.float32) / 255
    mixed = pixels[..., :3] * share + checkerboard(*pixels.shape[:2]) * (1 - share)
    return np.rint(mixed).astype(np.uint8)


def _coloured(photo: Pixels, result: Result) -> Pixels:
    """Each element in a colour of its own over the greyed photo."""
    grey = cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    painted = grey.astype(np.float32) * 0.6 + 60
    for index, element in enumerate(result.elements):
        share = element.mask[..., None] * np.float32(0.75)
        painted = painted * (1 - share) + _COLOURS[index % len(_COLOURS)] * share
    return np.rint(painted).clip(0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Scene:
    """What an action is shown on: samples by name, how its result is drawn, and the part that is shown (top, left, side)."""

    photo: str
    show: Callable[[Pixels, Result], Pixels] = _cutout
    reference: str = ""
    part: tuple[int, int, int] | None = None


_HEAD = (0, 95, 280)
SCENES = {
    "segment_body": Scene("matplotlib_grace_hopper.jpg"),
    "segment_head": Scene("skimage_astronaut.png"),
    "segment_face": Scene("skimage_astronaut.png"),
    "segment_hair": Scene("skimage_astronaut.png", part=_HEAD),
    "parse_face": Scene("skimage_astronaut.png", _coloured, part=_HEAD),
    "segment_skin": Scene("matplotlib_grace_hopper.jpg"),
    "segment_commodity": Scene("skimage_coffee.png"),
    "segment_cloth": Scene("matplotlib_grace_hopper.jpg", _coloured),
    "segment_common_image": Scene("skimage_chelsea.png"),
    "segment_vehicle": Scene("skimage_motorcycle_left.png"),
    "segment_animal": Scene("skimage_chelsea.png"),
    "segment_sky": Scene("sklearn_china.jpg"),
    "segment_logo": Scene("skimage_logo.png"),
    "segment_scene": Scene("sklearn_china.jpg"),
    "segment_hd_body": Scene("skimage_astronaut.png"),
    "refine_mask": Scene("sklearn_flower.jpg"),
    "segment_hd_sky": Scene("sklearn_china.jpg"),
    "segment_hd_common_image": Scene("sklearn_flower.jpg"),
    "change_sky": Scene("sklearn_china.jpg", reference="skimage_rocket.jpg"),
}
STRIP = ("segment_body", "segment_animal", "segment_vehicle", "segment_hd_common_image")
_STRIP_HEIGHT = 220


def _open(name: str) -> Pixels:
    with Image.open(SAMPLES / name) as photo:
        if photo.mode == "RGBA":
            white = Image.new("RGBA", photo.size, "white")
            return np.asarray(Image.alpha_composite(white, photo).convert("RGB"))
        return np.asarray(photo.convert("RGB"))


def _scaled(pixels: Pixels, height: int) -> Pixels:
    size = max(1, round(pixels.shape[1] * height / pixels.shape[0])), height
    scaled: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return scaled


def _side_by_side(pictures: list[Pixels], height: int) -> Pixels:
    gap = np.full((height, GAP, 3), 255, np.uint8)
    row: list[Pixels] = []
    for picture in pictures:
        row += [_scaled(picture, height), gap]
    return np.concatenate(row[:-1], axis=1)


def _coarse(mask: NDArray[np.float32]) -> Pixels:
    """A mask as a hurried hand would paint it: blocks of 16 pixels."""
    height, width = mask.shape
    small = cv2.resize(mask, (width // 16, height // 16), interpolation=cv2.INTER_AREA) > 0.4
    coarse: Pixels = cv2.resize(small.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_NEAREST)
    return coarse


def draw(function: str) -> list[Pixels]:
    """What an action is given, and what it makes of it."""
    scene = SCENES[function]
    photo = _open(scene.photo)
    act = getattr(koutu, function)
    if function == "refine_mask":
        mask = _coarse(koutu.segment_common_image(photo).mask)
        return [photo, np.repeat(mask[..., None], 3, axis=2), _cutout(photo, act(photo, mask))]
    if scene.reference:
        reference = _open(scene.reference)
        return [photo, reference, _cutout(photo, act(photo, reference))]
    pictures = [photo, scene.show(photo, act(photo))]
    if scene.part:
        top, left, side = scene.part
        pictures = [picture[top : top + side, left : left + side] for picture in pictures]
    return pictures


def _save(pixels: Pixels, path: Path) -> None:
    Image.fromarray(pixels).save(path, "WEBP", quality=82, method=6)


def main() -> None:
    """Draw all pictures, or those of the actions named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("actions", nargs="*", metavar="ACTION", help="functions such as segment_hair; all if none is named")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--strip", type=Path, help="write the README's strip here, and nothing else")
    options = parser.parse_args()
    if options.strip:
        _save(_strip(), options.strip)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    for function in options.actions or SCENES:
        pictures = draw(function)
        _save(_side_by_side(pictures, HEIGHT), options.folder / f"{function}.webp")
        print(options.folder / f"{function}.webp")


def _strip() -> Pixels:
    """Four photos with their cutouts, two pairs in a row."""
    pairs = [_side_by_side(draw(function), _STRIP_HEIGHT) for function in STRIP]
    rows = [_side_by_side(pairs[:2], _STRIP_HEIGHT), _side_by_side(pairs[2:], _STRIP_HEIGHT)]
    width = max(row.shape[1] for row in rows)
    fitted = [_scaled(row, round(row.shape[0] * width / row.shape[1]))[:, :width] for row in rows]
    width = min(row.shape[1] for row in fitted)
    gap = np.full((GAP, width, 3), 255, np.uint8)
    return np.concatenate([fitted[0][:, :width], gap, fitted[1][:, :width]], axis=0)


if __name__ == "__main__":
    main()
