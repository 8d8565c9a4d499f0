"""Train the scene head: a class for every pixel of an outdoor photo.

python -m training.things.scene [--seconds 1100] [--backbone ssd] [--start CHECKPOINT] [--teachers ONNX ...] [--join ROUND ...]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from training.common.command import joining, load_weights, network, options
from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.common.net import Segmenter
from training.things import labelled
from training.things.scene_data import SHARES, SIZE, SceneSamples
from training.things.scene_labels import ALLOWED, CLASSES, TABLES
from training.things.ssd_backbone import freeze_early, load
from training.things.teachers import Teachers

OUTPUT = Path("src/koutu/models/weights/things_scene.onnx")
_WIDTH = 96


def scene_net(arguments: argparse.Namespace) -> Segmenter:
    """The scene head's network on the detector's backbone ("ssd") or on one of training.common's."""
    if arguments.backbone != "ssd":
        return network(len(CLASSES), arguments)
    inner = load()
    freeze_early(inner)
    return Segmenter(len(CLASSES), inner, width=_WIDTH)


@torch.no_grad()
def predict(net: nn.Module, image: NDArray[np.uint8], short: int = 320) -> NDArray[np.int64]:
    """Class ids (H, W) of a photo that the network sees with the given short side."""
    h, w = image.shape[:2]
    scale = short / min(h, w)
    size = [max(32, round(side * scale / 32) * 32) for side in (h, w)]
    x = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
    logits = net(functional.interpolate(x, size, mode="bilinear", antialias=True))
    return functional.interpolate(logits, (h, w), mode="bilinear")[0].argmax(0).numpy()


def validate(net: nn.Module) -> dict[str, float]:
    """Pixel accuracy (an allowed class counts as right) and IoU of the classes, by set."""
    figures: dict[str, float] = {}
    for name in ("stanford_background", "camvid", "coco_panoptic200"):
        right = total = 0
        inside, around = np.zeros(len(CLASSES)), np.zeros(len(CLASSES))
        for photo in labelled.photos(name, "val"):
            bits = TABLES[name][photo.mask].astype(np.int64)
            mine = predict(net, photo.image)
            right += int(((bits >> mine) & 1).sum())
            total += int((bits > 0).sum())
            for c in range(len(CLASSES)):
                truth, found = bits == 1 << c, (mine == c) & (bits > 0)
                inside[c] += (truth & found).sum()
                around[c] += (truth | found).sum()
        figures[f"{name} accuracy"] = right / total
        figures |= {f"{name} {c}": float(inside[i] / around[i]) for i, c in enumerate(CLASSES) if inside[i]}
    return figures


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teachers", type=Path, nargs="*", help="exported networks that fill in what labels leave open")
    joining(parser)


def main() -> None:
    checkpoint = Path("training/checkpoints/things_scene.pt")
    arguments = options(__doc__, checkpoint, OUTPUT, backbone="ssd", rate=1e-3, more=_more)
    net = scene_net(arguments)
    joined = load_weights(net, arguments)
    if not joined:
        net = _trained(net, arguments)
    finish(net, arguments.output)


def _trained(net: Segmenter, arguments: argparse.Namespace) -> Segmenter:
    teachers = Teachers(arguments.teachers) if arguments.teachers else None
    recipe = Recipe(
        arguments.seconds, 10, arguments.rate, dice=0.0, average=0.99, threads=arguments.threads, seed=arguments.seed
    )
    samples = SceneSamples(SHARES, teachers=teachers)
    return train(net, samples, allowed_table(ALLOWED, len(CLASSES)), recipe, arguments.checkpoint)


def finish(net: nn.Module, output: Path) -> None:
    """Print validation figures and write the ONNX file."""
    for name, value in validate(net).items():
        print(f"{name:40} {value:.4f}")
    export(net, output, SIZE[0])


if __name__ == "__main__":
    main()
