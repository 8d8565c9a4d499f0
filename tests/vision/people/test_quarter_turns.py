from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from koutu.vision.people.quarter_turns import quarter_turns


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_photo_of_a_person_is_turned_back(photos: Path, turns: int) -> None:
    astronaut = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    lying = np.ascontiguousarray(np.rot90(astronaut, turns))
    assert (turns + quarter_turns(lying)) % 4 == 0


def test_a_cup_stands_as_it_stands(photos: Path) -> None:
    assert quarter_turns(np.asarray(Image.open(photos / "skimage_coffee.png").convert("RGB"))) == 0
