"""The segmentation network of all heads: an ImageNet backbone, a small feature pyramid, logits at stride 4."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
    """A network that brings its own weights: five feature maps at strides 2 to 32, and how many channels they have."""

    channels: Sequence[int]


class Segmenter(nn.Module):
    """Feature pyramid (Lin et al. 2017) with a global-context branch.

    forward: float (N, 3, H, W) RGB in 0..1, H and W multiples of 32, to logits (N, classes, H, W).
    coarse: the same before the last enlargement, (N, classes, H / 2, W / 2); training scores these.
    fine: channels of a further stage at stride 2, for strokes thinner than four pixels; 0 = none.
    """

    def __init__(
        self,
        classes: int,
        backbone: str | Backbone = "mobilenet_v2",
        width: int = 64,
        pretrained: bool = True,
        fine: int = 0,
    ) -> None:
        super().__init__()
        self.backbone: EfficientNetLite | MobileNetV2 | Backbone
        if isinstance(backbone, Backbone):
            self.backbone = backbone
        else:
            self.backbone = MobileNetV2() if backbone == "mobilenet_v2" else EfficientNetLite(backbone)
            if pretrained:
                self.backbone.load_imagenet()
        channels = self.backbone.channels
        self.context = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels[4], width, 1), nn.ReLU(inplace=True))
        self.lateral = nn.ModuleList(nn.Conv2d(channels[level], width, 1) for level in (1, 2, 3, 4))
        self.smooth = nn.ModuleList(_convolution(width, width) for _ in range(4))
        self.drop = nn.Dropout2d(0.1)
        self.fine = fine
        if fine:
            self.narrow, self.detail = nn.Conv2d(width, fine, 1), nn.Conv2d(channels[0], fine, 1)
            self.polish = _convolution(fine, fine)
        self.classify = nn.Conv2d(fine or width, classes, 1)

    def load_matching(self, checkpoint: Path) -> None:
        """Take over what has the same name and shape in a checkpoint; another head's last layer stays out."""
        shapes = {name: value.shape for name, value in self.state_dict().items()}
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        self.load_state_dict({k: v for k, v in state.items() if shapes.get(k) == v.shape}, strict=False)

    def forward(self, image: Tensor) -> Tensor:
        """Logits at full size."""
        return _upsampled(self.coarse(image))

    def coarse(self, image: Tensor) -> Tensor:
        """Logits at half size."""
        features = self.backbone(image)
        x = self.smooth[3](self.lateral[3](features[4]) + self.context(features[4]))
        for level in (2, 1, 0):
            x = self.smooth[level](self.lateral[level](features[level + 1]) + _upsampled(x))
        if self.fine:
            finer: Tensor = self.classify(self.drop(self.polish(_upsampled(self.narrow(x)) + self.detail(features[0]))))
            return finer
        return _upsampled(self.classify(self.drop(x)))
