import numpy as np
import pytest

from koutu.images import buffers
from koutu.images.buffers import empty


@pytest.fixture(autouse=True)
def no_blocks(monkeypatch):
    monkeypatch.setattr(buffers, "_free", [])


def _address(array):
    return array.__array_interface__["data"][0]


def test_memory_is_used_again_once_nothing_looks_at_it():
    first = empty(4000, 3000, 3)
    first[:] = 7
    place, view = _address(first), first[10:20, 5]
    del first
    second = empty(4000, 3000, 3)
    second[:] = 9
    assert _address(second) != place
    assert view.min() == view.max() == 7
    del view
    assert _address(empty(4000, 3000, 3)) == place


def test_a_smaller_picture_fits_a_larger_ones_memory_but_not_a_tiny_one():
    place = _address(empty(6000, 6000, 3))
    assert _address(empty(6000, 5000, 3)) == place
    assert _address(empty(3000, 4000, 3)) != place


def test_what_is_kept_is_bounded():
    pictures = [empty(10_000, 10_000, 2) for _ in range(4)]
    pictures.clear()
    assert 0 < sum(map(len, buffers._free)) <= buffers._KEPT


def test_small_arrays_are_left_to_numpy():
    array = empty(100, 100, 3)
    assert array.shape == (100, 100, 3)
    assert array.dtype == np.uint8
    del array
    assert not buffers._free
