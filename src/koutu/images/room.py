"""How many pixels are worked on at once, whatever the number of calls, so that memory has a bound."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """A number of pixels that calls take a part of; who finds too little left waits for its turn.

    Args:
        pixels: in all. A call that needs more gets the whole room to itself.
    """

    def __init__(self, pixels: int) -> None:
        self._pixels = self._left = pixels
        self._changed = threading.Condition()
        self._line: deque[object] = deque()

    @contextmanager
    def take(self, pixels: int) -> Iterator[None]:
        """Hold room for the length of a block. First come, first served: a large call is not passed by small ones."""
        part = min(pixels, self._pixels)
        turn = object()
        with self._changed:
            self._line.append(turn)
            try:
                self._changed.wait_for(lambda: self._line[0] is turn and self._left >= part)
                self._left -= part
            finally:
                self._line.remove(turn)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._left += part
                self._changed.notify_all()
