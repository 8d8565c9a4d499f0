import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from koutu.images.labels import encode_labels, palette
from koutu.images.png import encode_png


def _read(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.copy()


@pytest.mark.parametrize(
    "shape", [(1, 1, 4), (1, 1, 1), (3, 2000, 4), (777, 333, 3), (2500, 1, 3), (1, 70_000, 4), (1500, 1200, 4), (64, 64, 1)]
)
def test_pixels_come_back(shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    image = _read(encode_png(lambda top, bottom: pixels[top:bottom], shape[1], shape[0], shape[2]))
    assert image.mode == {1: "L", 3: "RGB", 4: "RGBA"}[shape[2]]
    assert (np.asarray(image).reshape(shape) == pixels).all()


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([1, 3, 4]), st.integers(0, 2**32 - 1))
def test_any_size_comes_back(width, height, channels, seed):
    pixels = np.random.default_rng(seed).integers(0, 3, (height, width, channels), np.uint8)
    image = _read(encode_png(lambda top, bottom: pixels[top:bottom], width, height, channels))
    assert (np.asarray(image).reshape(pixels.shape) == pixels).all()


def test_sixteen_flat_megabytes_are_small():
    blank = np.zeros((2000, 2000, 4), np.uint8)
    assert len(encode_png(lambda top, bottom: blank[top:bottom], 2000, 2000, 4)) < 100_000


def test_a_fault_in_a_band_is_not_swallowed():
    def rows(top, bottom):
        if top > 0:
            raise ValueError("lost")
        return np.zeros((bottom - top, 3000, 4), np.uint8)

    with pytest.raises(ValueError, match="lost"):
        encode_png(rows, 3000, 3000, 4)


def test_class_ids_are_the_pixel_values_of_an_indexed_png():
    labels = np.random.default_rng(2).integers(0, 14, (90, 130), np.uint8)
    image = _read(encode_labels(labels, 14))
    assert image.mode == "P"
    assert (np.asarray(image) == labels).all()
    assert len({tuple(colour) for colour in palette(14)}) == 14
