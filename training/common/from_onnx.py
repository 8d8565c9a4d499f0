"""Back from a shipped file to a network that can be trained on: export's way in reverse.

python -m training.common.from_onnx src/koutu/models/weights/human_parser.onnx training/checkpoints/human.pt
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.common.net import Segmenter


def network_of(file: Path, photos: Tensor) -> Segmenter:
    """Rebuild a MobileNetV2 Segmenter from an exported file.

    The file's convolutions have the normalisation folded in. Each normalisation gets the statistics that ``photos``, float
    (N, 3, H, W) in 0..1, have there, and a scale and shift that undo them, so that the function is kept in evaluation mode.
    Raises ValueError if the file has another architecture.
    """
    graph = onnx.load(file).graph
    values = {tensor.name.removesuffix("_fp16"): numpy_helper.to_array(tensor) for tensor in graph.initializer}
    stored = [[values[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]
    net = Segmenter(len(stored[-1][0]), pretrained=False).eval()
    order: list[nn.Module] = []
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.BatchNorm2d):
            module.register_forward_hook(lambda module, _, __: order.append(module))
    with torch.no_grad():
        net(photos[:1])
        layers = [module for module in order if isinstance(module, nn.Conv2d)]
        if [tuple(layer.weight.shape) for layer in layers] != [weights[0].shape for weights in stored]:
            raise ValueError(f"{file} is not a MobileNetV2 Segmenter")
        for module, follower in zip(order, [*order[1:], None], strict=True):
            if not isinstance(module, nn.Conv2d):
                continue
            weight, bias = (torch.from_numpy(value.astype(np.float32)) for value in stored[layers.index(module)])
            module.weight.copy_(weight)
            if module.bias is not None:
                module.bias.copy_(bias)
            elif isinstance(follower, nn.BatchNorm2d):
                follower.bias.copy_(bias)
                follower.weight.fill_((1 + follower.eps) ** 0.5)
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.register_forward_pre_hook(_keep_statistics)
        net(photos)
    for module in net.modules():
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
    return net


def _keep_statistics(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    assert isinstance(module, nn.BatchNorm2d)
    assert module.running_mean is not None
    assert module.running_var is not None
    mean, variance = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3)) + 1e-6
    module.running_mean.copy_(mean)
    module.running_var.copy_(variance)
    module.weight.copy_((variance + module.eps).sqrt())
    module.bias.add_(mean)


def main() -> None:
    from training.human import SIZE, Sampler, load

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("checkpoint", type=Path)
    arguments = parser.parse_args()
    rng = np.random.default_rng(7)
    sampler = Sampler(load("val"))
    photos = torch.from_numpy(np.stack([sampler(rng)[0] for _ in range(32)])).permute(0, 3, 1, 2).float() / 255
    torch.save(network_of(arguments.file, photos).state_dict(), arguments.checkpoint)
    print(f"{arguments.checkpoint}: from {arguments.file}, {SIZE} pixels")


if __name__ == "__main__":
    main()
