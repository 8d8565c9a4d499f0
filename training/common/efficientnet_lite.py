"""EfficientNet-lite feature extractor (Tan & Le 2019; the lite variants have neither squeeze-and-excitation nor swish)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.common.freezable import Freezable
from training.common.weights import fetch_weights

_SCALES = {"lite0": (1.0, 1.0), "lite2": (1.1, 1.2)}  # width, depth

# repeats, kernel, stride, expansion, output channels of EfficientNet-B0 (Tan & Le 2019, table 1)
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


def _rounded(channels: int, width: float) -> int:
    scaled = channels * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


def _same_padding(kernel: int, stride: int) -> nn.Module:
    # The weights come from TensorFlow, whose SAME padding is one-sided on even inputs of strided convolutions.
    total = kernel - stride
    return nn.ZeroPad2d((total // 2, total - total // 2, total // 2, total - total // 2))


class _Block(nn.Module):
    """Inverted residual without squeeze-and-excitation; names follow the weight file."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expands = expansion != 1
        if self.expands:
            self._expand_conv = nn.Conv2d(inputs, hidden, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(hidden, eps=1e-3, momentum=0.03)
        self.padding = _same_padding(kernel, stride)
        self._depthwise_conv = nn.Conv2d(hidden, hidden, kernel, stride, groups=hidden, bias=False)
        self._bn1 = nn.BatchNorm2d(hidden, eps=1e-3, momentum=0.03)
        self._project_conv = nn.Conv2d(hidden, outputs, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self.expands:
            y = nn.functional.relu6(self._bn0(self._expand_conv(y)))
        y = nn.functional.relu6(self._bn1(self._depthwise_conv(self.padding(y))))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class EfficientNetLite(Freezable):
    """EfficientNet-lite without its classifier.

    forward: float (N, 3, H, W) in 0..1, H and W multiples of 32, to five feature maps at strides 2, 4, 8, 16, 32.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        width_scale, depth_scale = _SCALES[name]
        self.padding = _same_padding(3, 2)
        self._conv_stem = nn.Conv2d(3, 32, 3, 2, bias=False)
        self._bn0 = nn.BatchNorm2d(32, eps=1e-3, momentum=0.03)
        blocks: list[nn.Module] = []
        self.taps: list[int] = []
        self.channels: list[int] = []
        inputs = 32
        for index, (repeats, kernel, stride, expansion, outputs) in enumerate(_STAGES):
            width = _rounded(outputs, width_scale)
            edge = index in (0, len(_STAGES) - 1)
            count = repeats if edge else -int(-repeats * depth_scale // 1)
            for repeat in range(count):
                if repeat == 0 and stride == 2:
                    self.taps.append(len(blocks) - 1)
                    self.channels.append(inputs)
                blocks.append(_Block(inputs, width, kernel, stride if repeat == 0 else 1, expansion))
                inputs = width
        self.taps.append(len(blocks) - 1)
        self.channels.append(inputs)
        self._blocks = nn.ModuleList(blocks)

    def layers(self) -> list[nn.Module]:
        """The stem and the blocks."""
        return [nn.ModuleList([self._conv_stem, self._bn0]), *self._blocks]

    def freeze(self, layers: int) -> None:
        """Keep the first layers as they are, and the 5x5 depthwise filters of all.

        These filters' gradients take half of a step on a CPU; without them lite2 sees photos nearly as fast as MobileNetV2.
        """
        super().freeze(layers)
        for module in self.modules():
            if isinstance(module, nn.Conv2d) and module.kernel_size == (5, 5):
                module.requires_grad_(False)

    def load_imagenet(self) -> None:
        """Load the ImageNet weights; every parameter of the feature extractor must be in the file."""
        state = torch.load(fetch_weights(self.name), map_location="cpu", weights_only=True)
        missing, _ = self.load_state_dict(state, strict=False)
        if missing:
            raise ValueError(f"{self.name}: the weight file lacks {missing[:3]}")

    def forward(self, image: Tensor) -> list[Tensor]:
        """Features at the five strides."""
        x = image * (255.0 / 128.0) - 127.0 / 128.0
        enabled = torch.is_grad_enabled()
        with torch.set_grad_enabled(enabled and not self.frozen):
            x = nn.functional.relu6(self._bn0(self._conv_stem(self.padding(x))))
        features = []
        for index, block in enumerate(self._blocks):
            with torch.set_grad_enabled(enabled and index + 1 >= self.frozen):
                x = block(x)
            if index in self.taps:
                features.append(x)
        return features
