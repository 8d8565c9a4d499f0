import cv2
import numpy as np
import pytest

from koutu.vision.matting.refine_band import refine_band
from koutu.vision.matting.solve_alpha import solve_alpha


@pytest.fixture
def soft_disc():
    """A red disc with a soft edge on blue: float32 image (96, 128, 3) and its true alpha."""
    ys, xs = np.mgrid[0:96, 0:128].astype(np.float32)
    alpha = np.clip((30 - np.hypot(xs - 64, ys - 48)) / 8 + 0.5, 0, 1).astype(np.float32)
    shade = 1 + 0.1 * np.sin(xs / 9)[..., None]
    red, blue = np.float32([0.8, 0.2, 0.1]) * shade, np.float32([0.1, 0.2, 0.7]) * shade
    return (alpha[..., None] * red + (1 - alpha[..., None]) * blue).astype(np.float32), alpha


def test_alpha_is_found_from_a_trimap(soft_disc):
    image, alpha = soft_disc
    known = (alpha == 0) | (alpha == 1)
    prior = np.where(known, alpha, 0.5).astype(np.float32)
    solved = solve_alpha(image, prior, np.where(known, 100, 0).astype(np.float32))
    assert np.abs(solved - alpha)[~known].mean() < 0.03
    assert np.abs(solved - alpha)[known].max() < 0.1


def test_a_trusted_prior_holds_against_the_colours(soft_disc):
    image, _ = soft_disc
    prior = np.full(image.shape[:2], 0.25, np.float32)
    solved = solve_alpha(image, prior, np.full(prior.shape, 100, np.float32))
    assert np.abs(solved - prior).max() < 0.02


def test_a_rough_probability_gets_the_edge_of_the_picture(soft_disc):
    image, alpha = soft_disc
    rough = np.roll(np.where(alpha > 0.5, 0.9, 0.1), 2, axis=1).astype(np.float32)[::4, ::4]
    enlarged = cv2.resize(rough, (128, 96), interpolation=cv2.INTER_LINEAR)
    refined = refine_band((image * 255).astype(np.uint8), rough, band=0.03, hold=0.01, sure=0.85) / 255
    assert refined.shape == alpha.shape
    assert np.abs(refined - alpha).mean() < 0.3 * np.abs(enlarged - alpha).mean()


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_plain_probability_stays_plain(soft_disc, value):
    image, _ = soft_disc
    refined = refine_band((image * 255).astype(np.uint8), np.full((24, 32), value, np.float32))
    assert (refined == round(255 * value)).all()


def test_flat_and_graded_pictures_give_finite_alphas():
    ramp = np.linspace(0.2, 0.9, 64, dtype=np.float32)
    image = np.repeat(np.tile(ramp, (48, 1))[..., None], 3, axis=2)
    prior = np.tile(ramp, (48, 1))
    solved = solve_alpha(image, prior, np.full(prior.shape, 0.01, np.float32))
    assert np.isfinite(solved).all()
    assert np.isfinite(solve_alpha(np.ones((48, 64, 3), np.float32), prior, np.full(prior.shape, 0.01, np.float32))).all()
