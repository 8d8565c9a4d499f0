"""The engine in this process: one inference at a time on all cores, or a few side by side, and a bounded queue before it."""

import threading
import time

import numpy as np
from numpy.typing import NDArray

from koutu.engine.deadline import remaining
from koutu.engine.types import Arrays, Loader, Session, Stats
from koutu.errors import ServiceUnavailable, Timeout


class LocalEngine:
    """Runs one network at a time, since each inference takes every core and two would only slow each other.

    Args:
        queue: how many inferences may wait; one more is refused.
        lanes: how many may run at once, for networks that are given fewer threads than there are cores.
    """

    def __init__(self, queue: int, lanes: int = 1) -> None:
        self._sessions: dict[str, Session] = {}
        self._loading = threading.Lock()
        self._running = threading.BoundedSemaphore(lanes)
        self._most = queue + lanes
        self._inside = 0
        self._counting = threading.Lock()
        self._stats: dict[str, Stats] = {}

    def load(self, key: str, load: Loader) -> None:
        """Load a network unless it is loaded."""
        self._session(key, load)

    def infer(self, key: str, load: Loader, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """Run a network when its turn comes.

        Raises:
            ServiceUnavailable: too many inferences wait already.
            Timeout: the turn did not come before the deadline.
        """
        session = self._session(key, load)
        self._enter()
        try:
            left = remaining()
            if not self._running.acquire(timeout=left):
                raise Timeout("The call's time was up while it waited for inference.")
            started = time.perf_counter()
            try:
                return session.infer(inputs)
            finally:
                self._running.release()
                self._note(key, time.perf_counter() - started)
        finally:
            self._leave()

    def stats(self) -> dict[str, Stats]:
        """What every loaded network has done so far."""
        with self._counting:
            return {key: self._stats.get(key, Stats()) for key in self._sessions}

    def waiting(self) -> int:
        """Inferences that run or wait."""
        return self._inside

    def _enter(self) -> None:
        with self._counting:
            if self._inside >= self._most:
                raise ServiceUnavailable("Too many calls are waiting for inference.", retry_after_s=self._wait_s())
            self._inside += 1

    def _wait_s(self) -> float:
        inferences = sum(stats.inferences for stats in self._stats.values())
        return self._inside * sum(stats.seconds for stats in self._stats.values()) / max(1, inferences)

    def _leave(self) -> None:
        with self._counting:
            self._inside -= 1

    def _note(self, key: str, seconds: float) -> None:
        with self._counting:
            before = self._stats.get(key, Stats())
            self._stats[key] = Stats(before.inferences + 1, before.seconds + seconds)

    def _session(self, key: str, load: Loader) -> Session:
        session = self._sessions.get(key)
        if session is None:
            with self._loading:
                session = self._sessions.get(key)
                if session is None:
                    session = self._sessions[key] = load()
        return session
