import numpy as np
import pytest

from koutu.images.bounds import bounds


@pytest.fixture
def mask():
    mask = np.zeros((20, 30), np.uint8)
    mask[4, 25] = mask[11, 7] = 1
    return mask


def test_all_pixels_lie_inside_and_on_every_border(mask):
    assert bounds(mask) == (slice(4, 12), slice(7, 26))
    assert bounds(mask > 0) == bounds(mask)


def test_a_margin_ends_where_the_mask_ends(mask):
    assert bounds(mask, margin=6) == (slice(0, 18), slice(1, 30))


def test_an_empty_mask_has_an_empty_part(mask):
    assert (mask * 0)[bounds(mask * 0, margin=3)].size == 0
