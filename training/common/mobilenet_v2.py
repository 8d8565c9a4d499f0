"""MobileNetV2 feature extractor (Sandler et al. 2018)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.common.freezable import Freezable
from training.common.weights import fetch_weights

# expansion, output channels, repeats, stride
_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def _unit(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, momentum=0.03),
        nn.ReLU6(),
    )


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        layers: list[nn.Module] = [] if expansion == 1 else [_unit(inputs, hidden, 1)]
        layers.append(_unit(hidden, hidden, 3, stride, hidden))
        layers.append(nn.Conv2d(hidden, outputs, 1, bias=False))
        layers.append(nn.BatchNorm2d(outputs, momentum=0.03))
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        return x + y if self.residual else y


class MobileNetV2(Freezable):
    """MobileNetV2 without its classifier.

    forward: float (N, 3, H, W) in 0..1, H and W multiples of 32, to five feature maps at strides 2, 4, 8, 16, 32.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor((0.485, 0.456, 0.406)).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor((0.229, 0.224, 0.225)).view(1, 3, 1, 1), persistent=False)
        layers: list[nn.Module] = [_unit(3, 32, 3, 2)]
        self.taps: list[int] = []
        self.channels: list[int] = []
        inputs = 32
        for expansion, outputs, repeats, stride in _STAGES:
            for repeat in range(repeats):
                if repeat == 0 and stride == 2:
                    self.taps.append(len(layers) - 1)
                    self.channels.append(inputs)
                layers.append(_Block(inputs, outputs, stride if repeat == 0 else 1, expansion))
                inputs = outputs
        self.taps.append(len(layers) - 1)
        self.channels.append(inputs)
        self.features = nn.ModuleList(layers)

    def layers(self) -> list[nn.Module]:
        """The stem and the blocks."""
        return list(self.features)

    def load_imagenet(self) -> None:
        """Load the ImageNet weights; every parameter of the feature extractor must be in the file."""
        state = torch.load(fetch_weights("mobilenet_v2"), map_location="cpu", weights_only=True)
        missing, _ = self.load_state_dict(state, strict=False)
        if missing:
            raise ValueError(f"mobilenet_v2: the weight file lacks {missing[:3]}")

    def forward(self, image: Tensor) -> list[Tensor]:
        """Features at the five strides."""
        x = (image - self.mean) / self.deviation
        features = []
        for index, layer in enumerate(self.features):
            with torch.set_grad_enabled(torch.is_grad_enabled() and index >= self.frozen):
                x = layer(x)
            if index in self.taps:
                features.append(x)
        return features
