import cv2
import numpy as np

from koutu.vision.logos.key_background import key_background
from koutu.vision.logos.logo_alpha import logo_alpha


def _ring(height=200, width=300):
    """A ring with a hole, its anti-aliased alpha in 0..1."""
    big = np.zeros((height * 4, width * 4), np.uint8)
    cv2.circle(big, (width * 2, height * 2), 240, 255, -1)
    cv2.circle(big, (width * 2, height * 2), 120, 0, -1)
    return cv2.resize(big, (width, height), interpolation=cv2.INTER_AREA) / np.float32(255)


def test_a_ring_on_a_flat_colour_is_keyed_with_its_hole_and_soft_edges():
    alpha = _ring()
    image = alpha[..., None] * np.float32([200, 30, 40]) + (1 - alpha[..., None]) * np.float32([240, 240, 235])
    keyed = key_background(image.astype(np.uint8))
    assert keyed is not None
    assert np.abs(keyed / 255 - alpha).mean() < 0.004
    assert keyed[100, 150] == 0, "the hole"


def test_a_ring_on_a_gradient_with_grain_is_keyed():
    alpha = _ring()
    xs = np.linspace(0, 1, 300, dtype=np.float32)[None, :, None]
    ground = np.float32([40, 90, 160]) * (1 - xs) + np.float32([90, 160, 200]) * xs
    ground = ground + np.random.default_rng(1).normal(0, 1.5, (200, 300, 3)).astype(np.float32)
    image = alpha[..., None] * np.float32([255, 255, 255]) + (1 - alpha[..., None]) * ground
    keyed = key_background(np.clip(image, 0, 255).astype(np.uint8))
    assert keyed is not None
    assert np.abs(keyed / 255 - alpha).mean() < 0.02
    assert keyed[5:195:20, 5].max() < 10


def test_a_photo_is_no_plain_background(photos):
    photo = cv2.imread(str(photos / "skimage_coffee.png"))
    assert key_background(np.random.default_rng(1).integers(0, 256, (80, 90, 3), np.uint8)) is None
    assert key_background(np.ascontiguousarray(photo)) is None


def test_a_sign_laid_over_a_photo_is_found_with_its_hole_and_the_photo_alone_is_not(photos):
    photo = np.ascontiguousarray(cv2.imread(str(photos / "sklearn_china.jpg"))[:, :, ::-1])
    alpha = np.zeros(photo.shape[:2], np.float32)
    part = alpha[100:300, 200:500]
    part[:] = _ring()
    image = alpha[..., None] * np.float32([225, 30, 90]) + (1 - alpha[..., None]) * photo
    found = logo_alpha(image.astype(np.uint8))
    assert found is not None
    mine, truth = found > 127, alpha > 0.5
    assert (mine & truth).sum() > 0.8 * (mine | truth).sum()
    assert found[200, 350] < 64, "the hole"


def test_an_animal_before_a_plain_wall_is_no_logo(photos):
    cat = np.ascontiguousarray(cv2.imread(str(photos / "skimage_chelsea.png"))[..., ::-1])
    outline = cv2.ellipse(np.zeros(cat.shape[:2], np.float32), (225, 150), (150, 130), 0, 0, 360, 1, -1)
    soft = cv2.GaussianBlur(outline, (0, 0), 6)[..., None]
    assert logo_alpha((cat * soft + 200 * (1 - soft)).astype(np.uint8)) is None
