"""How often somebody may try to sign in."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

_MOST_NAMES = 10_000


class Attempts:
    """Counts failures by name (an address, an access key id) in a sliding window, in this process.

    Args:
        most: failures after which a name has to wait.
        window_s: seconds that a failure counts for.
        clock: seconds.
    """

    def __init__(self, most: int = 8, window_s: float = 300, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._window_s = window_s
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, *names: str) -> int:
        """Seconds until another attempt is heard; 0 = now."""
        now = self._clock()
        waits = [times[0] + self._window_s - now for name in names if len(times := self._recent(name, now)) >= self._most]
        return max(0, *(int(wait) + 1 for wait in waits)) if waits else 0

    def failed(self, *names: str) -> None:
        """Note a failure."""
        now = self._clock()
        for name in names:
            times = self._recent(name, now)
            times.append(now)
            self._failures[name] = times
            self._failures.move_to_end(name)
        while len(self._failures) > _MOST_NAMES:
            self._failures.popitem(last=False)

    def _recent(self, name: str, now: float) -> deque[float]:
        times = self._failures.get(name, deque())
        while times and times[0] <= now - self._window_s:
            times.popleft()
        return times
