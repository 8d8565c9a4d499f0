"""From a trained network to a shipped file: ONNX, weights in fp16, checked against PyTorch through OpenVINO."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import numpy as np
import onnx
import openvino
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn


class _Probabilities(nn.Module):
    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> Tensor:
        return torch.softmax(self.net(image), dim=1)


def export(net: nn.Module, target: Path, size: int = 256, channels: int = 3) -> None:
    """Write ``target``, an ONNX file with fp16 weights.

    Its input ``image`` is float32 (N, channels, H, W), RGB first, in 0..1, its output ``probabilities`` (N, classes, H, W).
    N, H and W are free; H and W must be multiples of 32. Raises ValueError when OpenVINO's answer is not PyTorch's.
    """
    model = _Probabilities(net.float().to(memory_format=torch.contiguous_format)).eval()
    example = torch.rand(2, channels, size, size)
    buffer = io.BytesIO()
    axes = {0: "n", 2: "h", 3: "w"}
    torch.onnx.export(
        model,
        (example,),
        buffer,
        input_names=["image"],
        output_names=["probabilities"],
        dynamic_axes={"image": axes, "probabilities": axes},
        opset_version=17,
        dynamo=False,
    )
    graph = onnx.load_from_string(buffer.getvalue())
    _halve_weights(graph)
    onnx.checker.check_model(graph)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(graph.SerializeToString())
    with torch.no_grad():
        expected = model(example).numpy()
    compiled = openvino.Core().compile_model(str(target), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    actual = compiled({"image": example.numpy()})["probabilities"]
    difference = float(np.abs(actual - expected).max())
    if difference > 0.02:
        raise ValueError(f"{target}: OpenVINO differs from PyTorch by up to {difference:.3f}")
    register(target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, largest difference to PyTorch {difference:.4f}")


def register(target: Path) -> None:
    """Write the file's checksum and size into its catalog entry, where it has one."""
    entry = target.parent.parent / "catalog" / f"{target.stem}.toml"
    if entry.exists():
        text = entry.read_text(encoding="utf-8")
        text = re.sub(r"^sha256 = .*$", f'sha256 = "{hashlib.sha256(target.read_bytes()).hexdigest()}"', text, flags=re.M)
        text = re.sub(r"^size = .*$", f"size = {target.stat().st_size:_}", text, flags=re.M)
        entry.write_text(text, encoding="utf-8")


def _halve_weights(model: onnx.ModelProto) -> None:
    # fp16 storage with a Cast back: runtimes fold the cast when they compile, the file is half as large.
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < 256:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_fp16"))
        casts.append(helper.make_node("Cast", [name + "_fp16"], [name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        model.graph.node.insert(0, node)
