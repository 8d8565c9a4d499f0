"""The mean of several rounds' weights (Wortsman et al. 2022, "Model soups"): rounds that follow one another share a valley."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor


def mean_weights(checkpoints: Sequence[Path]) -> dict[str, Tensor]:
    """The state of a network whose every floating-point value is the checkpoints' mean; counters are the first one's."""
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in checkpoints]
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
