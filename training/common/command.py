"""What the commands that train the heads share: their options, and what they start from."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from training.common.net import Backbone, Segmenter
from training.common.soup import mean_weights

FROZEN_LAYERS = 4


def options(
    description: str | None,
    checkpoint: Path,
    output: Path,
    *,
    backbone: str | None = "mobilenet_v2",
    rate: float = 2e-3,
    more: Callable[[argparse.ArgumentParser], None] | None = None,
) -> argparse.Namespace:
    """Read the options; all arguments but the description are defaults.

    Without a ``backbone`` there is none to choose; ``more`` adds options of one head.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=1100)
    if backbone is not None:
        parser.add_argument("--backbone", default=backbone)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=7, help="another one draws other windows: for a further round")
    if more is not None:
        more(parser)
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from, also of another head")
    parser.add_argument("--checkpoint", type=Path, default=checkpoint)
    parser.add_argument("--output", type=Path, default=output)
    return parser.parse_args()


def joining(parser: argparse.ArgumentParser) -> None:
    """The option of heads whose rounds are joined."""
    parser.add_argument("--join", type=Path, nargs="*", help="checkpoints whose mean is the network, instead of training")


def network(classes: int, arguments: argparse.Namespace, *, width: int = 64, fine: int = 0) -> Segmenter:
    """A network on the backbone that the options ask for; width, fine: see `Segmenter`."""
    net = Segmenter(classes, arguments.backbone, width, fine=fine)
    if not isinstance(net.backbone, Backbone):
        net.backbone.freeze(FROZEN_LAYERS)
    return net


def load_weights(net: Segmenter, arguments: argparse.Namespace) -> bool:
    """Give a network the weights that the options name; whether they are a mean that needs no training."""
    if join := getattr(arguments, "join", None):
        net.load_state_dict(mean_weights(join))
        net.eval()
        return True
    if arguments.start:
        net.load_matching(arguments.start)
    return False
