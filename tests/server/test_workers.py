"""The bounded pool."""

import asyncio
import threading
import time
from contextlib import ExitStack

import pytest

from koutu.engine import deadline, remaining
from koutu.errors import ServiceUnavailable, Throttling
from koutu.server.workers import open_workers

pytestmark = pytest.mark.anyio


async def test_works_and_hands_errors_on() -> None:
    with open_workers(1, 1) as workers:
        assert await workers.run("a", lambda: 42) == 42
        with pytest.raises(ZeroDivisionError):
            await workers.run("a", lambda: 1 // 0)


async def test_one_more_than_there_are_places_is_refused_and_room_comes_back() -> None:
    with open_workers(1, 1) as workers:
        with workers.place("a"), workers.place("a"), pytest.raises(ServiceUnavailable, match="busy"):
            workers.place("a").__enter__()
        with workers.place("a"):
            assert await workers.run("a", lambda: 1) == 1


async def test_who_gives_up_leaves_the_line_but_not_the_thread() -> None:
    gate, began, ran = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        gate.wait()

    with open_workers(1, 1) as workers:
        running = asyncio.create_task(workers.run("a", hold))
        await asyncio.sleep(0)
        assert began.wait(5)
        waiting = asyncio.create_task(workers.run("a", ran.set))
        await asyncio.sleep(0)
        for task in (waiting, running):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        last = asyncio.create_task(workers.run("a", lambda: "last"))
        await asyncio.sleep(0.05)
        assert not last.done()
        gate.set()
        assert await last == "last"
        assert not ran.is_set()


async def test_a_closed_pool_takes_nothing() -> None:
    with open_workers(1, 1) as workers:
        pass
    with pytest.raises(ServiceUnavailable, match="stopping"):
        await workers.run("a", lambda: None)


async def test_accounts_take_turns() -> None:
    gate, order = threading.Event(), []
    with open_workers(1, 20) as workers:
        tasks = [asyncio.create_task(workers.run("greedy", gate.wait))]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(workers.run("greedy", lambda: order.append("greedy"))) for _ in range(6)]
        tasks += [asyncio.create_task(workers.run("modest", lambda: order.append("modest"))) for _ in range(2)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
    assert order == ["greedy", "modest", "greedy", "modest", "greedy", "greedy", "greedy", "greedy"]


async def test_an_account_alone_leaves_room_for_others() -> None:
    with open_workers(2, 18) as workers, ExitStack() as taken:
        for _ in range(15):
            taken.enter_context(workers.place("greedy"))
        with pytest.raises(Throttling, match="share") as refusal:
            taken.enter_context(workers.place("greedy"))
        assert workers.held == 15, "three in four of twenty"
        assert refusal.value.retry_after is not None
        for name in ("one", "two", "three"):
            taken.enter_context(workers.place(name))
    assert workers.held == 0


async def test_who_would_wait_past_the_deadline_is_refused_at_once() -> None:
    with open_workers(1, 10) as workers, ExitStack() as taken:
        await workers.run("a", lambda: time.sleep(0.05))
        for name in "abcd":
            taken.enter_context(workers.place(name))
        assert workers.wait_s() >= 0.2
        with pytest.raises(ServiceUnavailable, match=r"Try again in \d+ seconds?\."):
            taken.enter_context(workers.place("e", 0.1))
        taken.enter_context(workers.place("e", 600))


async def test_who_has_the_turn_soon_is_not_refused_for_another_s_long_line() -> None:
    with open_workers(1, 100) as workers, ExitStack() as taken:
        await workers.run("greedy", lambda: time.sleep(0.05))
        for _ in range(30):
            taken.enter_context(workers.place("greedy"))
        deadline_s = workers.wait_s()
        with pytest.raises(ServiceUnavailable):
            taken.enter_context(workers.place("greedy", deadline_s))
        taken.enter_context(workers.place("modest", deadline_s))


async def test_work_sees_its_caller_s_context() -> None:
    with open_workers(1, 1) as workers, deadline(60):
        left = await workers.run("a", remaining)
    assert left is not None
    assert 0 < left <= 60
