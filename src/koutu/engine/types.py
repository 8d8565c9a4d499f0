"""What an engine is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.float32]]


class Session(Protocol):
    """A loaded network."""

    def infer(self, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """Run the network on named float32 arrays; gives its named outputs, which belong to the caller."""
        ...


Loader = Callable[[], Session]


@dataclass(frozen=True, slots=True)
class Stats:
    """How often a network ran, and for how many seconds in all."""

    inferences: int = 0
    seconds: float = 0.0


class Engine(Protocol):
    """Runs networks; each is known by a key and loaded when it is first used."""

    def infer(self, key: str, load: Loader, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """Run a network and wait for its outputs.

        Raises:
            ServiceUnavailable: too many inferences wait already.
            Timeout: its turn did not come before the caller's deadline.
            ModelFault: the network could not be loaded.
        """
        ...

    def load(self, key: str, load: Loader) -> None:
        """Load a network now, so that its first inference does not wait for it."""
        ...

    def stats(self) -> dict[str, Stats]:
        """What every network that is loaded has done so far."""
        ...

    def waiting(self) -> int:
        """Inferences of this process that run or wait."""
        ...
