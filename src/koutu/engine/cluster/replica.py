"""What runs on the nodes: networks of one group, loaded when they are first asked for."""

import asyncio
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from koutu.engine.local import LocalEngine
from koutu.engine.types import Arrays, Loader
from koutu.errors import KoutuError

Request = tuple[str, Loader, Arrays]
Outputs = dict[str, NDArray[np.float32]]


class Replica:
    """Runs what comes in batches, as many at once as its engine has lanes.

    Networks have fixed shapes, so a batch is not stacked: it saves the way there and back, and fills every lane.

    Args:
        lanes: inferences at once.
        most: the largest batch.
        wait_s: how long a batch may wait to be filled.
    """

    def __init__(self, lanes: int, most: int, wait_s: float) -> None:
        from ray import serve

        self._engine = LocalEngine(queue=most, lanes=lanes)
        self._batch = serve.batch(max_batch_size=most, batch_wait_timeout_s=wait_s)(self._run)

    async def infer(self, key: str, load: Loader, inputs: Arrays) -> Outputs:
        """Run one network; its outputs."""
        result: Outputs | KoutuError = await self._batch((key, load, inputs))
        if isinstance(result, KoutuError):
            raise result
        return result

    async def load(self, key: str, load: Loader) -> None:
        """Load a network before it is first used."""
        await asyncio.to_thread(self._engine.load, key, load)

    async def _run(self, requests: Sequence[Request]) -> list[Outputs | KoutuError]:
        return await asyncio.gather(*(asyncio.to_thread(self._one, *request) for request in requests))

    def _one(self, key: str, load: Loader, inputs: Arrays) -> Outputs | KoutuError:
        try:
            return self._engine.infer(key, load, inputs)
        except KoutuError as error:
            # One request's fault is no other's of its batch.
            return error
