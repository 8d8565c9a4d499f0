from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from koutu.vision.objects.thing import Box, Thing
from koutu.vision.people import closer_look as module
from koutu.vision.people.rvm import rvm


def test_a_second_look_is_the_mirrored_one_turned_back(photos: Path) -> None:
    photo = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    once, again = rvm(photo).of("person"), rvm(np.ascontiguousarray(photo[:, ::-1])).of("person")[:, ::-1]
    np.testing.assert_allclose(rvm(photo, twice=True).of("person"), (once + again) / 2, atol=0.02)
    assert np.abs(once - again).max() > 0.02
    assert np.array_equal(rvm(photo, twice=True, once=rvm(photo)).probabilities, rvm(photo, twice=True).probabilities)


@pytest.mark.parametrize("with_dog", [False, True])
def test_people_beside_animals_are_looked_at_twice(monkeypatch: pytest.MonkeyPatch, photos: Path, with_dog: bool) -> None:
    photo = cv2.resize(np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB")), (128, 128))
    looks: list[bool] = []

    def seen(image, window, *, twice):
        looks.append(twice)
        return rvm(image, window)

    monkeypatch.setattr(module, "rvm", seen)
    person = Thing(Box(10, 10, 70, 100), 1, "person", 0.9)
    dog = Thing(Box(80, 60, 120, 120), 18, "animal", 0.4)
    nothing = np.zeros((64, 64), np.float32)
    module.closer_look(photo, nothing, nothing, 0.5, [person, dog] if with_dog else [person])
    assert looks == [with_dog]
