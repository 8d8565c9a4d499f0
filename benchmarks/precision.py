"""What speed costs in quality: masks at precision auto beside fp32's: `python -m benchmarks.precision [PHOTOS] [--sheet FILE]`.

The photos are of the validation split of the development data (KOUTU_DEV_DATA).
"""

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from training.common.datasets import pairs

from benchmarks.quality.metrics import iou, mean_absolute_error
from benchmarks.speed.figures import table
from koutu.models import catalog, store
from koutu.models.sessions.openvino import OpenVinoSession
from koutu.settings import Settings
from koutu.vision.matting.solid_interior import solid_interior
from koutu.vision.saliency.isnet import pixels

PHOTOS = 120
PRECISIONS: tuple[Literal["exact", "auto"], ...] = ("exact", "auto")
_SETS = (
    "ccp_clothing", "voc_official", "coco_panoptic200", "oxford_pets370", "furniture_roboflow", "figaro1k_hair",
    "celebamask_ce7454", "stanford_background", "kuih", "feral_cats",
)  # fmt: skip


def photos(count: int) -> list[Path]:
    """The first validation photos of every set in turn."""
    sets = [[pair.image for pair in pairs(name, "val")] for name in _SETS]
    turns = (image for turn in range(count) for images in sets for image in images[turn : turn + 1])
    return [image for _, image in zip(range(count), turns, strict=False)]


def alphas(session: OpenVinoSession, images: list[Path]) -> Iterator[NDArray[np.float32]]:
    """The subject's alpha, float32 (1024, 1024), of each photo."""
    for image in images:
        photo = cv2.cvtColor(cv2.imread(str(image)), cv2.COLOR_BGR2RGB)
        yield solid_interior(session.infer({"input": pixels(photo)})["output"][0, 0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="?", type=int, default=PHOTOS)
    parser.add_argument("--sheet", type=Path, help="a picture of the worst cases: photo, fp32, auto")
    options = parser.parse_args()
    images = photos(options.photos)
    entry = catalog()["isnet"]
    sessions = {
        precision: OpenVinoSession(store().network(entry), entry.inputs, entry.outputs, Settings(precision=precision))
        for precision in PRECISIONS
    }
    found = {name: list(alphas(session, images)) for name, session in sessions.items()}
    pairs_of = list(zip(found["auto"], found["exact"], strict=True))
    overlaps = [iou(mine > 0.5, exact > 0.5) for mine, exact in pairs_of]
    errors = [mean_absolute_error(mine, exact) for mine, exact in pairs_of]
    cells = (statistics.mean(errors), statistics.mean(overlaps), statistics.median(overlaps), min(overlaps))
    under = sum(overlap < 0.95 for overlap in overlaps)
    print(f"{len(images)} photos, fp32 is the reference\n")
    header = ("precision", "MAE, mean", "IoU, mean", "IoU, median", "IoU, least", "photos under .95")
    print(table(header, [("auto", *(f"{cell:.4f}" for cell in cells), str(under))]))
    worst = sorted(range(len(images)), key=overlaps.__getitem__)[:6]
    print("\nworst:", ", ".join(f"{images[n].parents[1].name}/{images[n].name} {overlaps[n]:.3f}" for n in worst))
    if options.sheet:
        columns = [np.vstack(list(_row(images[n], [found[name][n] for name in PRECISIONS]))) for n in worst]
        cv2.imwrite(str(options.sheet), cv2.cvtColor(np.hstack(columns), cv2.COLOR_RGB2BGR))


def _row(image: Path, masks: list[NDArray[np.float32]]) -> Iterator[NDArray[np.uint8]]:
    size = (256, 256)
    yield cv2.cvtColor(cv2.resize(cv2.imread(str(image)), size), cv2.COLOR_BGR2RGB).astype(np.uint8)
    for mask in masks:
        grey = np.rint(cv2.resize(mask, size, interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
        yield cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB).astype(np.uint8)


if __name__ == "__main__":
    main()
