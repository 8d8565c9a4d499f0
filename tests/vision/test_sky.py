import numpy as np

from koutu.vision.sky.change_sky import change_sky
from koutu.vision.sky.fit_sky import fit_sky, horizon
from koutu.vision.sky.relight import land_gain, relight
from koutu.vision.sky.sky_alpha import sky_alpha


def _scene(height, width, sky_rows, sky, land):
    image = np.empty((height, width, 3), np.uint8)
    image[:sky_rows], image[sky_rows:] = sky, land
    alpha = np.zeros((height, width), np.uint8)
    alpha[:sky_rows] = 255
    return image, alpha


def test_the_horizon_is_the_skys_lower_end():
    _, alpha = _scene(100, 80, 40, 200, 50)
    alpha[40:60, :4] = 255  # a gap between houses is not the horizon
    assert horizon(alpha) == 40


def test_the_reference_sky_meets_the_horizon_and_hides_what_stood_in_it():
    reference, alpha = _scene(200, 300, 120, (30, 60, 150), (20, 20, 20))
    reference[80:120, 100:140], alpha[80:120, 100:140] = (255, 255, 255), 0  # a white tower
    reference[:5] = (250, 200, 100)
    wanted = np.zeros((90, 160), np.uint8)
    wanted[:45] = 255
    laid = fit_sky(reference, alpha, wanted)
    assert laid.shape == (90, 160, 3)
    assert np.abs(laid[10:44].astype(int) - (30, 60, 150)).max() < 12, "no tower, no land"


def test_land_follows_the_light_of_the_sky():
    image, alpha = _scene(60, 80, 30, (150, 180, 230), (120, 110, 100))
    dusk = np.full_like(image, (160, 80, 40))
    gain = land_gain(image, alpha, dusk)
    assert gain.mean() < 1, "darker"
    assert gain[0] > gain[2], "warmer"
    same = land_gain(image, alpha, image)
    assert np.abs(same - 1).max() < 0.02
    lit = relight(image, gain)
    assert lit[50, 40].mean() < image[50, 40].mean()
    bright = relight(np.full((1, 1, 3), 255, np.uint8), np.float32([1.3, 1.3, 1.3]))
    assert (bright == 255).all()


def test_no_halo_of_the_old_sky_is_left():
    image, alpha = _scene(80, 100, 40, (240, 240, 250), (20, 60, 20))
    alpha[38:42] = np.array([220, 160, 96, 32], np.uint8)[:, None]
    share = alpha[..., None] / np.float32(255)
    image = (np.float32([240, 240, 250]) * share + np.float32([20, 60, 20]) * (1 - share)).astype(np.uint8)
    reference, reference_alpha = _scene(80, 100, 40, (40, 40, 90), (0, 0, 0))
    changed = change_sky(image, alpha, reference, reference_alpha)
    assert changed[38:42].max() < 100, "the edge lies between dark land and dark sky"
    assert np.abs(changed[10].astype(int) - (40, 40, 90)).max() <= 2


def test_thin_wires_survive_in_large_photos(monkeypatch):
    height, width = 1500, 2000
    image = np.empty((height, width, 3), np.uint8)
    image[:] = (150, 190, 235)
    image[900:] = (60, 70, 50)
    for x in range(100, width, 100):
        image[200:900, x : x + 3] = (40, 40, 40)
    prior = np.zeros((30, 40), np.float32)
    prior[:18] = 0.96
    monkeypatch.setattr("koutu.vision.sky.sky_alpha.sky_probability", lambda _: prior)
    alpha = sky_alpha(image, fine_side=2560)
    assert alpha is not None
    assert alpha[850, 150] > 230
    assert alpha[1200, 1000] < 20
    assert float(alpha[850, 101::100].mean()) < 60, "the wires"
