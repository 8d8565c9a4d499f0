import io

import numpy as np
import pytest
from PIL import Image

from koutu.contract import Form
from koutu.images.compose import Composition, visible_box


@pytest.fixture
def cut(noise):
    alpha = np.zeros(noise.shape[:2], np.uint8)
    alpha[10:20, 5:40] = 255
    return noise, alpha


def test_rgba_holds_nothing_of_the_background(cut):
    rgb, alpha = cut
    picture = Composition(rgb, alpha, Form.RGBA).array()
    assert (picture[..., 3] == alpha).all()
    assert (picture[alpha == 0] == 0).all()
    assert (picture[alpha == 255][:, :3] == rgb[alpha == 255]).all()


def test_crop_is_the_visible_part(cut):
    rgb, alpha = cut
    picture = Composition(rgb, alpha, Form.CROP).array()
    assert picture.shape == (10, 35, 4)
    assert (picture[..., :3] == rgb[10:20, 5:40]).all()


def test_white_is_white_around(cut):
    rgb, alpha = cut
    picture = Composition(rgb, alpha, Form.WHITE).array()
    assert picture.shape == rgb.shape
    assert (picture[alpha == 0] == 255).all()


def test_mask_is_one_channel(cut):
    rgb, alpha = cut
    with Image.open(io.BytesIO(Composition(rgb, alpha, Form.MASK).encode())) as image:
        assert image.mode == "L"
        assert (np.asarray(image) == alpha).all()


@pytest.mark.parametrize("form", [Form.RGBA, Form.CROP, Form.WHITE, Form.MASK])
def test_nothing_visible_gives_a_whole_empty_canvas(noise, form):
    composition = Composition(noise, np.zeros(noise.shape[:2], np.uint8), form)
    assert (composition.width, composition.height) == (53, 37)


def test_one_pixel_is_its_own_box():
    alpha = np.zeros((9, 9), np.uint8)
    alpha[4, 7] = 1
    assert visible_box(alpha) == (7, 4, 8, 5)
