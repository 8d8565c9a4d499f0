"""Calls per second are counted exactly, wherever they are counted and by however many."""

import multiprocessing
import threading
from collections.abc import Iterator

import pytest

from koutu.server.accounts.database import Database, open_database
from koutu.server.accounts.windows import DatabaseWindows, MemoryWindows, RedisWindows, Windows, open_windows
from koutu.settings import Settings


@pytest.fixture(params=["memory", "redis", "database"])
def windows(request: pytest.FixtureRequest, database: Database) -> Iterator[Windows]:
    made: Windows
    if request.param == "redis":
        from redis import Redis

        made = RedisWindows(Redis.from_url(request.getfixturevalue("redis")))
    else:
        made = MemoryWindows() if request.param == "memory" else DatabaseWindows(database)
    yield made
    made.close()


def test_a_second_has_its_calls_and_carries_none_over(windows: Windows) -> None:
    assert [windows.take(1, "SegmentBody", 100, 2) for _ in range(4)] == [True, True, False, False]
    assert [windows.take(1, "SegmentBody", 109, 2) for _ in range(3)] == [True, True, False]


def test_accounts_and_actions_are_counted_apart(windows: Windows) -> None:
    places = [(1, "SegmentBody"), (1, "SegmentHead"), (2, "SegmentBody")]
    assert [windows.take(account, action, 100, 1) for account, action in places * 2] == [True] * 3 + [False] * 3


def test_a_limit_of_none_lets_none_through(windows: Windows) -> None:
    assert not windows.take(1, "SegmentBody", 100, 0)


def test_a_clock_that_is_a_little_behind_shares_the_newest_second(windows: Windows) -> None:
    assert windows.take(1, "SegmentBody", 100, 2)
    assert [windows.take(1, "SegmentBody", second, 2) for second in (99, 98, 100)] == [True, False, False]


def test_a_clock_that_was_set_back_is_not_waited_for(windows: Windows) -> None:
    assert windows.take(1, "SegmentBody", 5000, 1)
    assert [windows.take(1, "SegmentBody", 100, 1) for _ in range(2)] == [True, False]


def test_threads_get_exactly_the_limit(windows: Windows) -> None:
    taken: list[bool] = []

    def run() -> None:
        taken.extend(windows.take(1, "SegmentBody", 100, 7) for _ in range(5))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), sum(taken)) == (40, 7)


def _take(settings: Settings, calls: int) -> int:
    database = open_database(settings)
    windows = open_windows(settings, database)
    try:
        return sum(windows.take(1, "SegmentBody", 100, 7) for _ in range(calls))
    finally:
        windows.close()
        database.close()


@pytest.mark.parametrize("store", ["redis", "database"])
def test_processes_get_exactly_the_limit(request: pytest.FixtureRequest, settings: Settings, store: str) -> None:
    url = request.getfixturevalue("redis") if store == "redis" else ""
    settings = settings.model_copy(update={"quota_store": store, "redis_url": url})
    open_database(settings).close()
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert sum(pool.starmap(_take, [(settings, 10)] * 3)) == 7


def test_where_calls_are_counted(database: Database, settings: Settings) -> None:
    assert isinstance(open_windows(settings, database), MemoryWindows if database.sqlite else DatabaseWindows)
