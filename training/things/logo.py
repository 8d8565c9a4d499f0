"""Train the logo head, for backgrounds that keying cannot take: python -m training.things.logo [--seconds 500]."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from benchmarks.quality.metrics import iou
from torch import nn

from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.common.net import Segmenter
from training.things.logo_data import KINDS, SIZE, composite, sample
from training.things.ssd_backbone import load

OUTPUT = Path("src/koutu/models/weights/logo.onnx")


@torch.no_grad()
def validate(net: nn.Module) -> dict[str, float]:
    """Mean IoU on composites of validation logos and photos, by kind of background."""
    figures = {}
    for kind in KINDS:
        rng = random.Random(1)
        scores = []
        for _ in range(40):
            image, alpha = composite(kind, SIZE, SIZE, "val", rng)
            logits = net(torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255)[0]
            scores.append(iou((logits[1] > logits[0]).numpy(), alpha > 127))
        figures[kind] = float(np.mean(scores))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=500)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from")
    parser.add_argument("--checkpoint", type=Path, default=Path("training/checkpoints/logo.pt"))
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    # the early layers learn here: what tells a logo from a photo is in the edges and flat areas
    net = Segmenter(2, load(), width=64)
    if arguments.start:
        net.load_matching(arguments.start)
    recipe = Recipe(arguments.seconds, batch=12, rate=arguments.rate, backbone_share=0.4)
    averaged = train(net, sample, allowed_table([[0], [1], [0, 1]], 2), recipe, arguments.checkpoint)
    for name, value in validate(averaged).items():
        print(f"{name:12} {value:.4f}")
    export(averaged, arguments.output, SIZE)


if __name__ == "__main__":
    main()
