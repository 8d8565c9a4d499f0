"""Train the surfaces head: several networks like the scene head's on ImageNet's backbone, whose mean answer is one file.

They see only the sets of which every pixel is labelled, and each stops early: after some minutes a network gets worse on new
photos, while the mean of several still gets better.

python -m training.things.surfaces [--seconds 480] [--join CHECKPOINT ...]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from training.common.command import FROZEN_LAYERS
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.common.mobilenet_v2 import MobileNetV2
from training.common.net import Segmenter
from training.things.scene import finish
from training.things.scene_data import SURFACES, SceneSamples
from training.things.scene_labels import ALLOWED, CLASSES

OUTPUT = Path("src/koutu/models/weights/things_surfaces.onnx")
_SEEDS = (7, 11)


class Joined(nn.Module):
    """Logits whose softmax is the mean of several networks' answers."""

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, image: Tensor) -> Tensor:
        """Float (N, 3, H, W) in 0..1 to logits (N, classes, H, W)."""
        answers = torch.stack([network(image).softmax(1) for network in self.networks])
        return answers.mean(0).clamp_min(1e-6).log()


def load(checkpoint: Path) -> Segmenter:
    """A network as it was kept, whatever its width."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    network = Segmenter(len(CLASSES), width=state["classify.weight"].shape[1], pretrained=False)
    network.load_state_dict(state)
    return network.eval()


def _trained(seed: int, arguments: argparse.Namespace) -> Segmenter:
    torch.manual_seed(seed)
    network = Segmenter(len(CLASSES))
    assert isinstance(network.backbone, MobileNetV2)
    network.backbone.freeze(FROZEN_LAYERS)
    recipe = Recipe(arguments.seconds, 10, 1e-3, dice=0.0, average=0.98, threads=arguments.threads, seed=seed)
    samples = SceneSamples(SURFACES, made=False)
    return train(network, samples, allowed_table(ALLOWED, len(CLASSES)), recipe, arguments.checkpoints / f"surfaces-{seed}.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=480, help="for each network")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--join", type=Path, nargs="*", help="checkpoints to join instead of training")
    parser.add_argument("--checkpoints", type=Path, default=Path("training/checkpoints"))
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    networks = [load(path) for path in arguments.join or ()] or [_trained(seed, arguments) for seed in _SEEDS]
    finish(Joined(networks).eval(), arguments.output)


if __name__ == "__main__":
    main()
