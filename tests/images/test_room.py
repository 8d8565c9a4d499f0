import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from koutu.images.room import Room


def test_no_more_is_taken_than_there_is():
    room, lock = Room(10), threading.Lock()
    taken = most = 0

    def work(pixels):
        nonlocal taken, most
        with room.take(pixels):
            with lock:
                taken += pixels
                most = max(most, taken)
            with lock:
                taken -= pixels

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [3, 4, 7, 10, 1] * 100))
    assert most <= 10
    assert taken == 0


def test_a_call_larger_than_the_room_has_it_to_itself():
    room = Room(10)
    with room.take(1000):
        entered = threading.Event()
        waiting = threading.Thread(target=lambda: _enter(room, 1, entered))
        waiting.start()
        assert not entered.is_set()
    waiting.join(10)
    assert entered.is_set()


def test_a_large_call_is_not_passed_by_small_ones():
    room, order = Room(10), []
    first, large, small = threading.Event(), threading.Event(), threading.Event()

    def work(pixels, name, begun):
        begun.set()
        with room.take(pixels):
            order.append(name)

    with room.take(5):
        threads = []
        for pixels, name, begun in ((10, "large", large), (1, "small", small)):
            threads.append(threading.Thread(target=work, args=(pixels, name, begun)))
            threads[-1].start()
            begun.wait()
            while len(room._line) < len(threads):
                first.wait(0.001)
    for thread in threads:
        thread.join(10)
    assert order == ["large", "small"]


def test_room_is_given_back_when_work_fails():
    room = Room(5)
    with pytest.raises(ValueError, match="broken"), room.take(5):
        raise ValueError("broken")
    with room.take(5):
        pass


def _enter(room, pixels, entered):
    with room.take(pixels):
        entered.set()
