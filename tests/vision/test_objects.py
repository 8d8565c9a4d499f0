import cv2
import numpy as np
import pytest

from koutu.vision.objects.agree import agree
from koutu.vision.objects.ask_mask import around, ask_mask
from koutu.vision.objects.cut_out import cut_out
from koutu.vision.objects.detect import detect
from koutu.vision.objects.thing import Box, group_of


@pytest.fixture(scope="module")
def motorcycle():
    from tests.conftest import PHOTOS

    return np.ascontiguousarray(cv2.imread(str(PHOTOS / "skimage_motorcycle_left.png"))[..., ::-1])


@pytest.mark.parametrize("tiles", [False, True])
def test_the_motorcycle_is_detected_once(motorcycle, tiles):
    vehicles = [thing for thing in detect(motorcycle, tiles=tiles) if thing.group == "vehicle"]
    assert len(vehicles) == 1
    box = vehicles[0].box
    assert vehicles[0].score > 0.9
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((100, 72, 684, 446), abs=25)


def test_the_mask_head_tells_the_motorcycle_from_the_floor(motorcycle):
    height, width = motorcycle.shape[:2]
    mask = ask_mask(motorcycle, Box(100, 72, 684, 446), "vehicle").on_canvas(width, height)
    assert mask.shape == (height, width)
    assert mask[260, 400] > 0.5, "the engine"
    assert mask[470:, :60].max() < 0.3, "the floor"


def test_windows_stay_inside_the_photo():
    assert around(Box(0, 0, 100, 100), 100, 100) == Box(0, 0, 100, 100)
    window = around(Box(40, 10, 44, 90), 100, 100)
    assert window.right - window.left >= (window.bottom - window.top) / 2 - 1


def test_groups_of_categories():
    assert [group_of(c) for c in (1, 3, 17, 53, 62, 84)] == ["person", "vehicle", "animal", "food", "furniture", "thing"]


def test_saliency_takes_over_where_it_confirms_a_thing_and_nowhere_else():
    probability = np.zeros((80, 120), np.float32)
    probability[20:60, 10:50], probability[20:60, 80:110] = 0.9, 0.9
    saliency = np.zeros((160, 240), np.float32)
    saliency[42:118, 22:98] = 1
    joined = agree(probability, saliency)
    assert joined[40, 30] > 0.95
    assert joined[20, 10] < 0.5, "the outline is saliency's"
    assert (joined[:, 70:] == probability[:, 70:]).all(), "the other thing is kept"


def test_a_cut_covers_its_own_box():
    image = np.full((200, 300, 3), 230, np.uint8)
    image[80:120, 200:260] = (30, 60, 160)
    rough = np.zeros((100, 150), np.float32)
    rough[40:60, 100:130] = 0.9
    cut = cut_out(image, rough)
    assert cut is not None
    alpha, x, y = cut
    assert (x, y) == pytest.approx((200, 80), abs=3)
    assert alpha.shape == pytest.approx((40, 60), abs=6)
    assert alpha[20, 30] > 250
    assert cut_out(image, np.zeros((100, 150), np.float32)) is None
