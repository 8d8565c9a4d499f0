"""What has been worked out about a photo, kept beside it as long as it lives."""

import weakref
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class Beside(Generic[T]):
    """One thing for each photo. Thread-safe, as single operations of a dict are."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[weakref.ref[NDArray[np.uint8]], T]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, photo: NDArray[np.uint8]) -> T | None:
        """What is kept beside a photo."""
        found = self._kept.get(id(photo))
        return found[1] if found is not None and found[0]() is photo else None

    def put(self, photo: NDArray[np.uint8], thing: T) -> None:
        """Keep a thing until the photo is gone."""
        number = id(photo)
        self._kept[number] = weakref.ref(photo, lambda _: self._kept.pop(number, None)), thing
