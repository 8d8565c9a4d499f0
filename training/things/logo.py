"""Train the logo head: which pixels of a picture belong to a logo.

python -m training.things.logo [--seconds 1100] [--start CHECKPOINT]
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.common.command import load_weights, network, options
from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.things.logo_data import KINDS, SIZE, composite, sample

OUTPUT = Path("src/koutu/models/weights/things_logo.onnx")
CODES = [[0], [1], [0, 1]]  # background, logo, soft edge
_COMPOSITES = 40
_FINE = 32  # letters are thin


@torch.no_grad()
def validate(net: nn.Module) -> dict[str, float]:
    """Mean IoU on composites of validation logos, by background."""
    figures = {}
    for kind in KINDS:
        rng = random.Random(1)
        scores = []
        for _ in range(_COMPOSITES):
            image, alpha = composite(kind, SIZE, SIZE, "val", rng)
            logits = net(torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255)[0]
            mine, truth = (logits[1] > logits[0]).numpy(), alpha > 127
            scores.append(float((mine & truth).sum() / max(1, (mine | truth).sum())))
        figures[kind] = float(np.mean(scores))
    return figures


def main() -> None:
    arguments = options(__doc__, Path("training/checkpoints/things_logo.pt"), OUTPUT)
    net = network(2, arguments, fine=_FINE)
    load_weights(net, arguments)
    recipe = Recipe(arguments.seconds, 12, arguments.rate, average=0.995, threads=arguments.threads, seed=arguments.seed)
    averaged = train(net, sample, allowed_table(CODES, 2), recipe, arguments.checkpoint)
    for name, value in validate(averaged).items():
        print(f"{name:12} {value:.4f}")
    export(averaged, arguments.output, SIZE)


if __name__ == "__main__":
    main()
