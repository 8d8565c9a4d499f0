import numpy as np
import pytest

from koutu.vision.objects.thing import Box, Thing
from koutu.vision.parsing import without_fur as module
from koutu.vision.parsing.without_fur import without_fur

DOG = Box(20, 20, 60, 60)


@pytest.mark.parametrize(
    ("dog", "person", "kept"),
    [
        (0.9, None, False),
        (0.5, None, True),
        (0.9, (Box(30, 10, 70, 90), 0.95), True),
        (0.9, (Box(70, 10, 90, 90), 0.95), False),
    ],
)
def test_hair_in_a_sure_animals_box_is_fur(
    monkeypatch: pytest.MonkeyPatch, dog: float, person: tuple[Box, float] | None, kept: bool
) -> None:
    things = [Thing(DOG, 18, "animal", dog)]
    if person:
        things.append(Thing(person[0], 1, "person", person[1]))
    monkeypatch.setattr(module, "detect", lambda image, **_: things)
    hair = np.ones((50, 50), np.float32)
    left = without_fur(np.zeros((100, 100, 3), np.uint8), hair, 0.5)
    assert (left[20, 20] == 1) == kept
    assert left[45, 45] == 1
    assert hair.min() == 1, "the map that was given is not changed"
