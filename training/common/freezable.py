"""Backbones whose first layers stay as ImageNet made them: general edges and colours, and a third of a step's cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from torch import nn


class Freezable(nn.Module):
    """A network of layers in a row, of which the first ``frozen`` are not trained."""

    frozen = 0

    def layers(self) -> Sequence[nn.Module]:
        """The layers, first to last."""
        raise NotImplementedError

    def freeze(self, layers: int) -> None:
        """Keep the first layers as they are."""
        self.frozen = layers
        for layer in self.layers()[:layers]:
            layer.requires_grad_(False)

    def train(self, mode: bool = True) -> Self:
        """As for any module; frozen layers stay in evaluation mode."""
        super().train(mode)
        for layer in self.layers()[: self.frozen]:
            layer.eval()
        return self
