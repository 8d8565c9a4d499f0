"""The MobileNetV2 inside the SSD detector, taken out of its frozen graph as a torch module.

The detector has seen 118 000 COCO photos; its features know animals, vehicles, food and furniture far better than an
ImageNet classifier's, and the detector is installed anyway. The graph's order of convolutions is the order of the
published network (Sandler et al., MobileNetV2, CVPR 2018), so weights are read in that order and checked by shape.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.common.net import Backbone
from training.common.weights import fetch_weights

# expansion, output channels, repeats, stride of the first: table 2 of the paper
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class SameConv(nn.Module):
    """Convolution (the graph's normalisation folded in) and ReLU6, padded as TensorFlow does: even sides below and right."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, act: bool = True):
        super().__init__()
        self.stride, self.kernel, self.act = stride, kernel, act
        padding = kernel // 2 if stride == 1 else 0
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        if self.stride == 2 and self.kernel == 3:
            odd_h, odd_w = x.shape[2] % 2, x.shape[3] % 2
            x = functional.pad(x, (odd_w, 1, odd_h, 1))
        x = self.conv(x)
        return functional.relu6(x, inplace=True) if self.act else x


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; with a shortcut where the shape stays."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int):
        super().__init__()
        hidden = inputs * expansion
        layers: list[nn.Module] = [SameConv(inputs, hidden, 1)] if expansion != 1 else []
        layers += [SameConv(hidden, hidden, 3, stride, groups=hidden), SameConv(hidden, outputs, 1, act=False)]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        y: Tensor = self.layers(x)
        return x + y if self.residual else y


class SsdBackbone(Backbone):
    """float RGB NCHW in 0..1, sides divisible by 32 -> features at strides 2, 4, 8, 16, 32.

    asked: optional (N, 24, H / 4, W / 4), added to the features of stride 4.
    """

    channels = (16, 24, 32, 96, 1280)

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, 32, 3, 2)
        blocks: list[nn.Module] = []
        inputs = 32
        for expansion, outputs, repeats, stride in STAGES:
            for i in range(repeats):
                blocks.append(InvertedResidual(inputs, outputs, stride if i == 0 else 1, expansion))
                inputs = outputs
        self.blocks = nn.ModuleList(blocks)
        self.last = SameConv(320, 1280, 1)

    def forward(self, x: Tensor, asked: Tensor | None = None) -> list[Tensor]:
        """The five feature maps; see the class."""
        x = self.stem(x * 2.0 - 1.0)
        features = []
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i == 2 and asked is not None:
                x = x + asked
            if i in (0, 2, 5, 12):
                features.append(x)
        features.append(self.last(x))
        return features


def load() -> SsdBackbone:
    """The backbone with the weights of the detector's frozen graph; ValueError if the graph is another one."""
    import openvino as ov

    graph = fetch_weights("ssd")
    net = SsdBackbone()
    layers = [m for m in net.modules() if isinstance(m, SameConv)]
    found = []
    for op in ov.Core().read_model(graph).get_ordered_ops():
        if op.get_type_name() not in ("Convolution", "GroupConvolution"):
            continue
        after = next(iter(op.output(0).get_target_inputs())).get_node()
        if after.get_type_name() != "Multiply":  # the box and class predictors have a bias, the backbone a scale
            continue
        shift = next(iter(after.output(0).get_target_inputs())).get_node()
        found.append((_constant(op, 1), _constant(after, 1), _constant(shift, 1)))
    if len(found) < len(layers):
        raise ValueError(f"{graph} has {len(found)} normalised convolutions, the backbone needs {len(layers)}")
    with torch.no_grad():
        for layer, (weight, scale, shift) in zip(layers, found, strict=False):
            w = torch.from_numpy(weight.reshape(weight.shape[-4:] if weight.ndim == 4 else (-1, *weight.shape[-3:])))
            target = layer.conv.weight
            if w.shape != target.shape:
                raise ValueError(f"{graph}: {tuple(w.shape)} where {tuple(target.shape)} belongs")
            target.copy_(w * torch.from_numpy(scale.reshape(-1, 1, 1, 1)))
            assert layer.conv.bias is not None
            layer.conv.bias.copy_(torch.from_numpy(shift.reshape(-1)))
    return net


def _constant(node: object, index: int) -> np.ndarray:
    source = node.input_value(index).get_node()  # type: ignore[attr-defined]
    if source.get_type_name() != "Constant":
        source = node.input_value(1 - index).get_node()  # type: ignore[attr-defined]
    return np.array(source.data, dtype=np.float32)


def freeze_early(backbone: SsdBackbone) -> None:
    """Keep the stem and the blocks up to stride 4 as they are: edges and textures need no learning, and cost most."""
    for module in (backbone.stem, *list(backbone.blocks)[:3]):
        module.requires_grad_(False)
