import cv2
import numpy as np
import pytest

from koutu.images.estimate_foreground import estimate_foreground
from koutu.images.foreground import ForegroundRows


def _composite(size, foreground, background, softness):
    y, x = np.mgrid[:size, :size].astype(np.float32)
    radius = np.hypot(x - size / 2, y - size / 2)
    alpha = np.clip((size * 0.35 - radius) / softness + 0.5, 0, 1)
    f = np.broadcast_to(np.float32(foreground), (size, size, 3)) * (0.9 + 0.1 * np.sin(x / 9))[..., None]
    b = np.broadcast_to(np.float32(background), (size, size, 3)) * (0.9 + 0.1 * np.cos(y / 7))[..., None]
    return f, alpha, alpha[..., None] * f + (1 - alpha[..., None]) * b


@pytest.mark.parametrize(("foreground", "background"), [((0.9, 0.2, 0.1), (0.1, 0.2, 0.9)), ((0.1, 0.1, 0.1), (1, 1, 1))])
def test_colours_of_soft_pixels_are_found(foreground, background):
    true, alpha, image = _composite(200, foreground, background, 20)
    found, _ = estimate_foreground(image.astype(np.float32), alpha.astype(np.float32))
    soft = (alpha > 0.1) & (alpha < 0.95)
    error = np.abs(found - true)[soft].mean()
    assert error < 0.03
    assert error < 0.1 * np.abs(image - true)[soft].mean()


def test_solid_pixels_keep_their_colour():
    _, alpha, image = _composite(120, (0.2, 0.8, 0.3), (0.9, 0.9, 0.2), 10)
    found, _ = estimate_foreground(image.astype(np.float32), alpha.astype(np.float32))
    assert np.abs(found - image)[alpha == 1].max() < 1 / 255


@pytest.mark.parametrize("value", [0, 1, 0.5])
def test_flat_alphas_are_harmless(value):
    image = np.random.default_rng(3).random((40, 30, 3), np.float32)
    found, _ = estimate_foreground(image, np.full((40, 30), value, np.float32))
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 1


@pytest.mark.parametrize("size", [300, 1500])
def test_rows_have_no_halo_at_any_size(size):
    true, alpha, image = _composite(size, (0.1, 0.1, 0.1), (1, 1, 1), size / 20)
    rgb, alpha8 = (np.rint(image * 255).astype(np.uint8), np.rint(alpha * 255).astype(np.uint8))
    rows = ForegroundRows(rgb, alpha8)
    found = np.concatenate([rows(top, min(top + 97, size)) for top in range(0, size, 97)])
    assert (found[..., 3] == alpha8).all()
    found = found[..., :3]
    soft = (alpha8 > 30) & (alpha8 < 250)
    assert np.abs(found / 255 - true)[soft].mean() < 0.03
    assert (found[alpha8 == 0] == 0).all()
    assert (found[alpha8 == 255] == rgb[alpha8 == 255]).all()


def test_thin_dark_lines_on_white_stay_dark():
    alpha = np.zeros((200, 200), np.uint8)
    for x in range(20, 180, 16):
        cv2.line(alpha, (x, 10), (x + 8, 190), 255, 1, cv2.LINE_AA)
    rgb = np.repeat(255 - alpha[..., None], 3, axis=2)
    found = ForegroundRows(rgb, alpha)(0, 200)[..., :3]
    assert found[(alpha > 60) & (alpha < 255)].mean() < 25


def test_rows_without_anything_in_them_are_empty():
    alpha = np.zeros((300, 200), np.uint8)
    alpha[250:, 50:150] = 255
    rgb = np.full((300, 200, 3), 99, np.uint8)
    rows = ForegroundRows(rgb, alpha)
    assert not rows(0, 200).any()
    found = rows(200, 300)
    assert (found[50:, 50:150] == (99, 99, 99, 255)).all()
    assert found.any(axis=2).sum() == 50 * 100
