from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from koutu.images.denoise import denoise, noise_level


def noisy(image: NDArray[np.uint8], deviation: float) -> NDArray[np.uint8]:
    noise = np.random.default_rng(3).normal(0, deviation, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


@pytest.fixture
def chelsea(photos: Path) -> NDArray[np.uint8]:
    return np.asarray(Image.open(photos / "skimage_chelsea.png").convert("RGB"))


@pytest.mark.parametrize("deviation", [5, 10, 20])
def test_the_level_of_noise_is_found(deviation: float) -> None:
    ramp = np.tile(np.linspace(60, 190, 320, dtype=np.float32)[None, :, None], (240, 1, 3)).astype(np.uint8)
    assert noise_level(noisy(ramp, deviation)) == pytest.approx(deviation, rel=0.15)


def test_a_clean_photo_stays_the_same_object(chelsea: NDArray[np.uint8]) -> None:
    assert denoise(chelsea) is chelsea


@pytest.mark.parametrize("deviation", [10, 20])
def test_most_of_the_noise_goes(chelsea: NDArray[np.uint8], deviation: float) -> None:
    grainy = noisy(chelsea, deviation)
    before, after = (np.abs(image.astype(float) - chelsea).mean() for image in (grainy, denoise(grainy)))
    assert after < 0.6 * before


@pytest.mark.parametrize("shape", [(1, 1), (15, 400), (16, 16)])
def test_small_and_flat_pictures_pass(shape: tuple[int, int]) -> None:
    assert noise_level(np.full((*shape, 3), 128, np.uint8)) == 0
    assert denoise(np.zeros((*shape, 3), np.uint8)).shape == (*shape, 3)
