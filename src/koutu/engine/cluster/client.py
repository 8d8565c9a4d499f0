"""The engine of an API process whose networks run on a Ray cluster."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from ray import serve
from ray.exceptions import RayActorError, RayError, RayTaskError
from ray.serve.exceptions import BackPressureError, RayServeException

from koutu.engine.cluster.connect import connect
from koutu.engine.cluster.groups import application, group_of
from koutu.engine.deadline import remaining
from koutu.engine.types import Arrays, Loader, Stats
from koutu.errors import KoutuError, ModelFault, ServiceUnavailable, Timeout
from koutu.settings import Settings

_TRIES = 8
_PAUSE_S = 0.25
_MOST_PAUSE_S = 4.0
_NO_DEADLINE_S = 300.0


class RayEngine:
    """Sends each inference to the deployment of its network's group.

    Inference changes nothing, so one whose replica or node died is sent again, as long as the caller's deadline allows.

    Args:
        settings: ray_address and ray_groups count.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._handles: dict[str, Any] = {}
        self._stats: dict[str, Stats] = {}
        self._inside = 0
        self._lock = threading.Lock()

    def load(self, key: str, load: Loader) -> None:
        """Have one replica load a network; the others do when they are first asked for it."""
        self._send(key, lambda handle: handle.load.remote(key, load))
        with self._lock:
            self._stats.setdefault(key, Stats())

    def infer(self, key: str, load: Loader, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """Run a network somewhere on the cluster.

        Raises:
            ServiceUnavailable: the deployment's queue is full, or no replica can be reached.
            Timeout: the answer did not come before the deadline.
            ModelFault: the replica could not load the network.
        """
        started = time.perf_counter()
        with self._lock:
            self._inside += 1
        try:
            outputs: dict[str, NDArray[np.float32]] = self._send(
                key, lambda handle: handle.infer.remote(key, load, dict(inputs))
            )
            return outputs
        finally:
            with self._lock:
                self._inside -= 1
                before = self._stats.get(key, Stats())
                self._stats[key] = Stats(before.inferences + 1, before.seconds + time.perf_counter() - started)

    def stats(self) -> dict[str, Stats]:
        """What every network that this process used has done for it, the way to the cluster included."""
        with self._lock:
            return dict(self._stats)

    def waiting(self) -> int:
        """Inferences of this process that run or wait."""
        return self._inside

    def _send(self, key: str, call: Callable[[Any], Any]) -> Any:
        group = group_of(key, self._settings.ray_groups)
        last: Exception | None = None
        for attempt in range(_TRIES):
            left = remaining()
            try:
                return call(self._handle(group)).result(timeout_s=_NO_DEADLINE_S if left is None else left)
            except TimeoutError:
                raise Timeout("The cluster did not answer before the call's time was up.") from None
            except BackPressureError:
                raise ServiceUnavailable("Too many calls are waiting for inference.", retry_after_s=_MOST_PAUSE_S) from None
            except RayTaskError as error:
                raise _cause(error) from error
            except (RayActorError, RayServeException, RayError) as error:
                last = error
                structlog.get_logger("koutu.engine").warning("replica lost", group=group, attempt=attempt + 1, of=_TRIES)
                time.sleep(min(_MOST_PAUSE_S, _PAUSE_S * 2**attempt))
        raise ServiceUnavailable(f"No replica of the models {group} can be reached.", retry_after_s=_MOST_PAUSE_S) from last

    def _handle(self, group: str) -> Any:
        with self._lock:
            if group not in self._handles:
                connect(self._settings)
                self._handles[group] = serve.get_app_handle(application(group))
            return self._handles[group]


def _cause(error: RayTaskError) -> Exception:
    """The library's own error that a replica raised, or one that says that it failed."""
    cause = error.cause if isinstance(error.cause, Exception) else error
    return cause if isinstance(cause, KoutuError) else ModelFault(f"A replica failed: {type(cause).__name__}.")
