"""What the commands that train the parsers of people share: their options, and the network they start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.common.mobilenet_v2 import MobileNetV2
from training.common.net import Segmenter

_FROZEN_LAYERS = 4


def options(description: str | None, checkpoint: Path, output: Path) -> argparse.Namespace:
    """Read the options; ``checkpoint`` and ``output`` are the defaults of those two."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=1100)
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from, also of another head")
    parser.add_argument("--checkpoint", type=Path, default=checkpoint)
    parser.add_argument("--output", type=Path, default=output)
    return parser.parse_args()


def network(classes: int, arguments: argparse.Namespace) -> Segmenter:
    """The network that the options ask for."""
    net = Segmenter(classes, arguments.backbone)
    if isinstance(net.backbone, MobileNetV2):
        net.backbone.freeze(_FROZEN_LAYERS)
    if arguments.start:
        net.load_matching(arguments.start)
    return net
