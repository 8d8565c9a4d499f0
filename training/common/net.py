"""The segmentation network of all heads: an ImageNet backbone, a small feature pyramid, logits at stride 2."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from training.common.efficientnet_lite import EfficientNetLite
from training.common.mobilenet_v2 import MobileNetV2


def _upsampled(x: Tensor, factor: int = 2) -> Tensor:
    return nn.functional.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)


def _convolution(inputs: int, outputs: int, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(outputs, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class Backbone(nn.Module):
    """What Segmenter stands on: ``channels`` of the five feature maps that forward gives."""

    channels: Sequence[int]


class Segmenter(nn.Module):
    """Feature pyramid (Lin et al. 2017) with a global-context branch and a stride-2 refinement.

    forward: float (N, 3, H, W) RGB in 0..1, H and W multiples of 32, to logits (N, classes, H, W). backbone: a name, or
    a network with ``channels`` that gives five feature maps at strides 2 to 32.
    """

    def __init__(
        self, classes: int, backbone: str | Backbone = "mobilenet_v2", width: int = 96, pretrained: bool = True
    ) -> None:
        super().__init__()
        if isinstance(backbone, str):
            named = MobileNetV2() if backbone == "mobilenet_v2" else EfficientNetLite(backbone)
            if pretrained:
                named.load_imagenet()
            self.backbone: Backbone = named
        else:
            self.backbone = backbone
        channels = self.backbone.channels
        self.context = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels[4], width, 1), nn.ReLU(inplace=True))
        self.lateral = nn.ModuleList(nn.Conv2d(channels[level], width, 1) for level in (1, 2, 3, 4))
        self.smooth = nn.ModuleList(_convolution(width, width) for _ in range(4))
        self.narrow = _convolution(width, 48, 1)
        self.detail = _convolution(channels[0] + 48, 48)
        self.drop = nn.Dropout2d(0.1)
        self.classify = nn.Conv2d(48, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        features = self.backbone(image)
        x = self.smooth[3](self.lateral[3](features[4]) + self.context(features[4]))
        for level in (2, 1, 0):
            x = self.smooth[level](self.lateral[level](features[level + 1]) + _upsampled(x))
        x = _upsampled(self.narrow(x))
        x = self.detail(torch.cat((features[0], x), dim=1))
        return _upsampled(self.classify(self.drop(x)))

