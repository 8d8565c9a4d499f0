import numpy as np

from koutu.vision.objects.thing import Box, Thing
from koutu.vision.people.with_held import with_held


def scene() -> tuple[np.ndarray, np.ndarray]:
    """A person with a ragged hole of 40x40 pixels at the lower edge, and a salient object that has it whole."""
    person = np.zeros((200, 200), np.float32)
    person[20:200, 40:160] = 1
    salient = person.copy()
    person[160:200, 80:120] = np.tile(np.float32([0, 0.3]), (40, 20))
    return person, salient


def test_what_is_held_before_the_body_comes_along() -> None:
    person, salient = scene()
    assert np.array_equal(with_held(person, salient, 0.5, []), salient)


def test_an_animal_on_the_lap_and_what_is_plainly_no_person_stay_outside() -> None:
    person, salient = scene()
    cat = Thing(Box(150, 300, 250, 400), 17, "animal", 0.9)
    assert np.array_equal(with_held(person, salient, 0.5, [cat]), person)
    person[160:, 80:120] = 0
    assert np.array_equal(with_held(person, salient, 0.5, []), person)


def test_a_thing_beside_the_person_stays_outside() -> None:
    person, salient = scene()
    person[160:, 80:120] = 1
    person[60:100, 160:190] = np.float32(0.2)
    salient[60:100, 160:190] = 1
    assert np.array_equal(with_held(person, salient, 0.5, []), person)
