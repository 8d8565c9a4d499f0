import gc

import cv2
import numpy as np
import pytest

from koutu.images import shrink as module
from koutu.images.shrink import shrink, whole_factor


@pytest.fixture
def photo():
    rng = np.random.default_rng(5)
    image = cv2.resize(rng.integers(0, 256, (60, 80, 3), np.uint8), (4000, 3000), interpolation=cv2.INTER_CUBIC)
    image.flags.writeable = False
    return image


@pytest.mark.parametrize("size", [(1024, 1024), (640, 480), (2000, 1500), (3000, 2900), (5000, 4000)])
def test_a_copy_is_the_photo_at_that_size(photo, size):
    way = cv2.INTER_AREA if size[0] * size[1] < 12_000_000 else cv2.INTER_LINEAR
    expected = cv2.resize(photo, size, interpolation=way)
    small = shrink(photo, *size)
    assert small.shape == expected.shape
    assert np.abs(small.astype(int) - expected).max() <= 6


def test_a_photo_of_that_size_is_not_copied(photo):
    assert shrink(photo, 4000, 3000) is photo


def test_the_copy_in_between_is_made_once_and_goes_with_the_photo(photo, monkeypatch):
    read = []
    resize = cv2.resize
    monkeypatch.setattr(
        cv2, "resize", lambda image, *rest, **options: read.append(image.shape) or resize(image, *rest, **options)
    )
    shrink(photo, 1024, 1024)
    shrink(photo, 500, 400)
    assert read.count(photo.shape) == 1


def test_nothing_is_kept_of_a_photo_that_is_gone():
    image = np.zeros((4000, 4000, 3), np.uint8)
    image.flags.writeable = False
    shrink(image, 100, 100)
    before = len(module._bases) - 1
    del image
    gc.collect()
    assert len(module._bases) == before


def test_an_array_that_may_change_is_looked_at_anew():
    image = np.zeros((4000, 4000, 3), np.uint8)
    assert shrink(image, 100, 100).max() == 0
    image[:] = 200
    assert shrink(image, 100, 100).min() == 200


@pytest.mark.parametrize(
    ("sides", "most", "least", "factor"), [((960, 1280), 3, 2, 2), ((900, 1200), 3, 2, 3), ((7, 9), 5, 2, 1)]
)
def test_a_whole_factor_divides_both_sides(sides, most, least, factor):
    assert whole_factor(*sides, most, least) == factor


def test_a_factor_under_the_least_is_none():
    assert whole_factor(960, 1280, 3, 3) == 1


@pytest.mark.parametrize("size", [(512, 384), (300, 300), (333, 250), (1, 1)])
def test_copies_of_small_photos_are_averaged_too(photo, size):
    small_photo = np.ascontiguousarray(photo[:960, :1280])
    expected = cv2.resize(small_photo, size, interpolation=cv2.INTER_AREA)
    assert np.abs(shrink(small_photo, *size).astype(int) - expected).max() <= 6
