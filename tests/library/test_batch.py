"""`koutu.map`: streams, keeps memory bounded, hands errors out with their photos."""

import threading

import pytest

import koutu


def _half(number: int) -> float:
    if number % 5 == 3:
        raise ValueError(f"no {number}")
    return number / 2


@pytest.mark.parametrize("ordered", [True, False])
def test_every_photo_comes_once_with_its_result_or_its_error(ordered):
    seen = []
    items = list(koutu.map(_half, range(23), ordered=ordered, workers=3, progress=lambda *done: seen.append(done)))
    assert sorted(item.index for item in items) == list(range(23))
    if ordered:
        assert [item.photo for item in items] == list(range(23))
    for item in items:
        if item.photo % 5 == 3:
            assert str(item.error) == f"no {item.photo}"
            with pytest.raises(ValueError, match="no"):
                item.get()
        else:
            assert item.get() == item.photo / 2
    assert seen == [(done, 23) for done in range(1, 24)]


def test_a_slow_photo_holds_back_only_what_has_to_come_after_it():
    let_go = threading.Event()

    def work(number):
        return let_go.wait(30) if number == 0 else number

    items = koutu.map(work, range(4), ordered=False, workers=2)
    assert [next(items).photo for _ in range(3)] == [1, 2, 3]
    let_go.set()
    assert next(items).photo == 0


def test_photos_are_taken_only_as_they_are_needed():
    taken = []

    def photos():
        for number in range(10_000):
            taken.append(number)
            yield number

    items = koutu.map(_half, photos(), workers=2)
    next(items)
    assert len(taken) <= 5
    items.close()
    assert len(taken) <= 5


def test_a_generator_has_no_total_and_its_failure_reaches_the_caller():
    def photos():
        yield 1
        raise OSError("the folder is gone")

    totals = []
    with pytest.raises(OSError, match="gone"):
        list(koutu.map(_half, photos(), workers=1, progress=lambda done, total: totals.append(total)))
    assert set(totals) <= {None}


def test_nothing_is_left_running():
    list(koutu.map(_half, range(10), workers=4))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("koutu-map")]
