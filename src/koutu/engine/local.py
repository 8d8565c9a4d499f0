"""The engine in this process: one inference at a time, each on all cores, and a bounded queue before it."""

import threading

import numpy as np
from numpy.typing import NDArray

from koutu.engine.types import Arrays, Loader, Session
from koutu.errors import ServiceUnavailable


class LocalEngine:
    """Runs one network at a time, since each inference takes every core and two would only slow each other.

    Args:
        queue: how many inferences may wait; one more is refused.
    """

    def __init__(self, queue: int) -> None:
        self._sessions: dict[str, Session] = {}
        self._loading = threading.Lock()
        self._running = threading.Lock()
        self._places = threading.BoundedSemaphore(queue + 1)

    def load(self, key: str, load: Loader) -> None:
        """Load a network unless it is loaded."""
        self._session(key, load)

    def infer(self, key: str, load: Loader, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """Run a network when its turn comes.

        Raises:
            ServiceUnavailable: too many inferences wait already.
        """
        session = self._session(key, load)
        if not self._places.acquire(blocking=False):
            raise ServiceUnavailable("Too many calls are waiting for inference; try again in a few seconds.")
        try:
            with self._running:
                return session.infer(inputs)
        finally:
            self._places.release()

    def _session(self, key: str, load: Loader) -> Session:
        session = self._sessions.get(key)
        if session is None:
            with self._loading:
                session = self._sessions.get(key)
                if session is None:
                    session = self._sessions[key] = load()
        return session
