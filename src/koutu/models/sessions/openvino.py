"""OpenVINO: reads ONNX, TFLite, frozen TensorFlow graphs and its own IR."""

import threading
from functools import lru_cache
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from koutu.engine import Arrays
from koutu.errors import ModelFault
from koutu.settings import Settings

Shapes = tuple[tuple[str, tuple[int, ...]], ...]
Constants = tuple[tuple[str, list[object]], ...]


@lru_cache(maxsize=1)
def _core() -> openvino.Core:
    return openvino.Core()


def precision_hint(settings: Settings) -> str:
    """The inference precision by the settings and by what the CPU can: "bf16" or "f32"."""
    capable = "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if capable and settings.precision != "exact" else "f32"


class OpenVinoSession:
    """A network compiled for the CPU; its compiled form is cached, so that the next start is quick.

    Args:
        file: the network.
        inputs: fixed shapes by input name.
        outputs: the outputs, or inner tensors, to keep; empty = all outputs.
        settings: precision, threads and the folder of the cache.
        constants: values of inputs that are always the same.

    Raises:
        ModelFault: OpenVINO cannot read or compile the file.
    """

    def __init__(
        self, file: Path, inputs: Shapes, outputs: tuple[str, ...], settings: Settings, constants: Constants = ()
    ) -> None:
        options = {
            "INFERENCE_PRECISION_HINT": precision_hint(settings),
            "PERFORMANCE_HINT": "LATENCY",
            "CACHE_DIR": str(settings.home / "compiled"),
            # Of threads that are tied to their cores all wait at every layer for the one whose core has other work too.
            "ENABLE_CPU_PINNING": "NO",
        }
        if settings.threads:
            options["INFERENCE_NUM_THREADS"] = str(settings.threads)
        try:
            model = read_network(file, inputs, outputs, constants)
            self._compiled = _core().compile_model(model, "CPU", options)
        except RuntimeError as error:
            raise ModelFault(
                f"The model {file.name} could not be loaded; koutu models verify tells whether it is damaged."
            ) from error
        # A tensor may have several names; which one comes first changes between a fresh and a cached compilation.
        self._names = [frozenset(port.get_names()) for port in self._compiled.outputs]
        self._requests: list[openvino.InferRequest] = []
        self._lock = threading.Lock()

    def infer(self, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """Run the network; a request serves one caller at a time and is kept for the next."""
        with self._lock:
            request = self._requests.pop() if self._requests else self._compiled.create_infer_request()
        try:
            results = request.infer(dict(inputs), share_inputs=True)
            arrays = [np.array(results[index], np.float32) for index in range(len(self._names))]
            return {name: array for names, array in zip(self._names, arrays, strict=True) for name in names}
        finally:
            with self._lock:
                self._requests.append(request)


def read_network(file: Path, inputs: Shapes, outputs: tuple[str, ...], constants: Constants = ()) -> openvino.Model:
    """Read a network, keep the named outputs (or inner tensors) alone, fix the named inputs' shapes and make others constants.

    Raises:
        RuntimeError: OpenVINO cannot read the file.
    """
    model = _core().read_model(file)
    if outputs:
        known = {name for port in model.outputs for name in port.get_names()}
        inner = [name for name in outputs if name not in known]
        if inner:
            model.add_outputs(inner)
        if len(model.outputs) != len(outputs):
            model = openvino.Model([model.output(name) for name in outputs], model.get_parameters())
    if inputs:
        model.reshape({name: list(shape) for name, shape in inputs})
    fixed = dict(constants)
    for parameter in list(model.get_parameters()):
        name = parameter.output(0).get_any_name()
        if name in fixed:
            value = openvino.opset13.constant(np.array(fixed[name], np.float32))
            for target in list(parameter.output(0).get_target_inputs()):
                target.replace_source_output(value.output(0))
            model.remove_parameter(parameter)
    if fixed:
        model.validate_nodes_and_infer_types()
    return model
