"""Several exported parsers in one file that answers with the mean of their probabilities.

python -m training.common.join ONE.onnx OTHER.onnx src/koutu/models/weights/face_parser.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import compose, helper, numpy_helper

from training.common.export import register


def join(files: list[Path], target: Path) -> None:
    """Write ``target`` from exported ``files`` with the same classes and enter its checksum into the catalog."""
    graphs = [compose.add_prefix(onnx.load(file), f"m{index}_") for index, file in enumerate(files)]
    first = graphs[0].graph
    nodes = list(first.node)
    for index, model in enumerate(graphs[1:], 1):
        nodes += list(model.graph.node)
        first.initializer.extend(model.graph.initializer)
        for node in model.graph.node:
            node.input[:] = ["image" if name == f"m{index}_image" else name for name in node.input]
    for node in nodes:
        node.input[:] = ["image" if name == "m0_image" else name for name in node.input]
    first.initializer.append(numpy_helper.from_array(np.float32(1 / len(files)).reshape(()), "share"))
    nodes.append(helper.make_node("Sum", [f"m{index}_probabilities" for index in range(len(files))], ["sum"]))
    nodes.append(helper.make_node("Mul", ["sum", "share"], ["probabilities"]))
    del first.node[:]
    first.node.extend(nodes)
    first.input[0].name, first.output[0].name = "image", "probabilities"
    onnx.checker.check_model(graphs[0])
    target.write_bytes(graphs[0].SerializeToString())
    register(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="the parsers, then the file to write")
    *files, target = parser.parse_args().files
    join(files, target)


if __name__ == "__main__":
    main()
