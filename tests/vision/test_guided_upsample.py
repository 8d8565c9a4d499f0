import cv2
import numpy as np
import pytest

from koutu.vision.matting.guided_upsample import guided_upsample


def _disc(side, softness):
    y, x = np.mgrid[:side, :side].astype(np.float32)
    return np.clip((side * 0.3 - np.hypot(x - side / 2, y - side / 2)) / softness + 0.5, 0, 1)


def _photo(alpha):
    rng = np.random.default_rng(5)
    texture = cv2.resize(rng.random((30, 30, 3), np.float32), alpha.shape[::-1], interpolation=cv2.INTER_CUBIC) * 0.2
    return np.rint(np.clip(alpha[..., None] * (0.7 + texture) + (1 - alpha[..., None]) * texture, 0, 1) * 255).astype(np.uint8)


@pytest.mark.parametrize("side", [400, 777, 1600, 2100])
def test_edges_follow_the_full_size_picture(side):
    true = _disc(side, 2)
    small = cv2.resize(_disc(1600, 2), (160, 160), interpolation=cv2.INTER_AREA)
    plain = cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR)
    refined = guided_upsample(small, _photo(true)) / 255
    assert np.abs(refined - true).mean() < 0.5 * np.abs(plain - true).mean()


def test_plain_regions_stay_plain():
    true = _disc(900, 2)
    refined = guided_upsample(cv2.resize(true, (300, 300), interpolation=cv2.INTER_AREA), _photo(true))
    y, x = np.mgrid[:900, :900]
    radius = np.hypot(x - 450, y - 450)
    assert (refined[radius < 200] == 255).all()
    assert (refined[radius > 340] == 0).all()


def test_a_wide_and_low_picture_is_enlarged_to_its_borders():
    true = np.tile(_disc(400, 2)[150:], (1, 3))
    small = cv2.resize(true, (300, 63), interpolation=cv2.INTER_AREA)
    plain = cv2.resize(small, true.shape[::-1], interpolation=cv2.INTER_LINEAR)
    refined = guided_upsample(small, _photo(true)) / 255
    assert np.abs(refined - true).mean() < 0.8 * np.abs(plain - true).mean()
