"""Small ONNX networks made on the spot, and a stand-in for a hub that hands files out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def mixer(path: Path, weights: list[list[float]], bias: list[float]) -> Path:
    """A network whose output channels are weighted sums of red, green and blue, plus a bias."""
    kernel = numpy_helper.from_array(np.array(weights, np.float32)[..., None, None], "kernel")
    offset = numpy_helper.from_array(np.array(bias, np.float32), "offset")
    node = helper.make_node("Conv", ["photo", "kernel", "offset"], ["maps"])
    return _save(path, [node], [kernel, offset], {"maps": len(bias)})


def constant_boxes(path: Path, rows: list[list[float]]) -> Path:
    """A network that finds the same boxes in every photo: rows of x0, y0, x1, y1, score, label."""
    table = numpy_helper.from_array(np.array([rows], np.float32), "table")
    nothing = numpy_helper.from_array(np.zeros(1, np.float32), "nothing")
    axes = numpy_helper.from_array(np.array([1, 2, 3], np.int64), "axes")
    nodes = [
        helper.make_node("ReduceMean", ["photo", "axes"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["table", "zero"], ["found"]),
    ]
    return _save(path, nodes, [table, nothing, axes], {"found": None})


def _save(path: Path, nodes: list, constants: list, outputs: dict[str, int | None]) -> Path:
    photo = helper.make_tensor_value_info("photo", TensorProto.FLOAT, ["n", 3, "h", "w"])
    shapes = {name: ["n", "m", 6] if channels is None else ["n", channels, "h", "w"] for name, channels in outputs.items()}
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    graph = helper.make_graph(nodes, "small", [photo], given, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


@contextmanager
def hub(repository: str, files: dict[str, bytes]) -> Iterator[str]:
    """A hub that holds one repository; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, body: bool) -> None:
            prefix = f"/{repository}/resolve/main/"
            data = files.get(self.path.removeprefix(prefix)) if self.path.startswith(prefix) else None
            self.send_response(200 if data is not None else 404)
            self.send_header("Content-Length", str(len(data or b"")))
            if data is None:
                self.send_header("X-Error-Code", "EntryNotFound")
            else:
                self.send_header("ETag", '"0123456789abcdef"')
                self.send_header("X-Repo-Commit", "f" * 40)
            self.end_headers()
            if body and data is not None:
                self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
