"""What many tests need: photos that ship with the project, and a settings environment of their own."""

import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from koutu import settings

PHOTOS = Path(__file__).parents[1] / "src" / "koutu" / "samples"


def pytest_configure() -> None:
    """Let interrupts through to started programs: a shell's background job passes on that it ignores them."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def photos() -> Path:
    """The folder of photos: astronaut, cat, coffee cup, motorcycle, rocket, flower."""
    return PHOTOS


@pytest.fixture
def noise() -> NDArray[np.uint8]:
    """A random RGB picture, uint8 (37, 53, 3)."""
    return np.random.default_rng(7).integers(0, 256, (37, 53, 3), np.uint8)


@pytest.fixture
def fresh_settings() -> Iterator[None]:
    """Have the settings read anew in the test, and again after it."""
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()
