"""The bounded pool."""

import asyncio
import threading

import pytest

from koutu.errors import ServiceUnavailable
from koutu.server.workers import open_workers

pytestmark = pytest.mark.anyio


async def test_works_and_hands_errors_on() -> None:
    with open_workers(1, 1) as workers:
        assert await workers.run(lambda: 42) == 42
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)


async def test_one_more_than_there_are_places_is_refused_and_room_comes_back() -> None:
    with open_workers(1, 1) as workers:
        with workers.place(), workers.place(), pytest.raises(ServiceUnavailable, match="busy"):
            workers.place().__enter__()
        with workers.place():
            assert await workers.run(lambda: 1) == 1


async def test_who_gives_up_leaves_the_line_but_not_the_thread() -> None:
    gate, began, ran = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        gate.wait()

    with open_workers(1, 1) as workers:
        running = asyncio.create_task(workers.run(hold))
        await asyncio.sleep(0)
        assert began.wait(5)
        waiting = asyncio.create_task(workers.run(ran.set))
        await asyncio.sleep(0)
        for task in (waiting, running):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        last = asyncio.create_task(workers.run(lambda: "last"))
        await asyncio.sleep(0.05)
        assert not last.done()
        gate.set()
        assert await last == "last"
        assert not ran.is_set()


async def test_a_closed_pool_takes_nothing() -> None:
    with open_workers(1, 1) as workers:
        pass
    with pytest.raises(ServiceUnavailable, match="stopping"):
        await workers.run(lambda: None)
