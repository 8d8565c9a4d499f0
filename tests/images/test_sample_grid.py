import numpy as np
import pytest

from koutu.images.sample_grid import sample_grid


@pytest.mark.parametrize("channels", [None, 3, 4])
def test_a_grid_is_sampled_bilinearly(channels):
    y, x = np.mgrid[:20, :30].astype(np.float32)
    plane = 0.5 * x - 2 * y + 3
    picture = plane if channels is None else np.stack([plane * (n + 1) for n in range(channels)], axis=2)
    sampled = sample_grid(picture, (2.25, 3.5), (0.1024, 0.37), (40, 150))
    rows, columns = 3.5 + 0.37 * np.arange(40)[:, None], 2.25 + 0.1024 * np.arange(150)[None]
    expected = 0.5 * columns - 2 * rows + 3
    first = sampled if channels is None else sampled[..., 0]
    assert np.abs(first - expected).max() < 1e-4
    if channels is not None:
        assert np.allclose(sampled[..., -1], channels * expected, atol=1e-3)


def test_beyond_the_border_the_nearest_pixel_is_taken():
    picture = np.float32([[1, 2], [3, 4]])
    assert sample_grid(picture, (-5, -5), (10, 10), (2, 2)).tolist() == [[1, 2], [3, 4]]
