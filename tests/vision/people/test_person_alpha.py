import cv2
import numpy as np
import pytest

from koutu.vision.faces.face import Face
from koutu.vision.objects.thing import Box, Thing
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window
from koutu.vision.people import person_alpha as module
from koutu.vision.people.find_faces import FoundFaces
from koutu.vision.people.person_alpha import decided, outlined_by, overlap
from koutu.vision.saliency.isnet import SIDE

_FACE = Face(1, 1, 5, 5, 0.9, ((2, 2), (4, 2), (3, 3), (3, 5), (1, 3), (5, 3)))
_SEEN = Parsed(Window(4.5, 4.5, 9), ("person",), np.ones((1, 9, 9), np.float32))


def disc(x: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:200, :300]
    return (np.hypot(rows - 100, columns - x) < radius).astype(np.float32)


def test_a_salient_person_takes_the_finer_outline() -> None:
    rough, fine = disc(100, 50), disc(100, 53)
    assert np.array_equal(outlined_by(rough, fine), fine)


def test_a_salient_thing_far_from_the_person_is_left_out() -> None:
    person = disc(100, 60)
    salient = np.maximum(disc(100, 58), disc(280, 10))
    joined = outlined_by(person, salient)
    assert joined[100, 100] == 1
    assert joined[100, 280] == 0


def test_the_overlap_of_two_views() -> None:
    person, dog, nothing = disc(70, 40), disc(230, 60), disc(70, 0)
    assert overlap(person, person) == 1
    assert overlap(person, dog) == overlap(nothing, nothing) == 0
    assert abs(overlap(person, np.maximum(person, dog)) - person.sum() / (person.sum() + dog.sum())) < 1e-6


def test_a_ghost_goes_and_a_person_with_soft_edges_stays() -> None:
    person, ghost = disc(70, 40), 0.5 * disc(230, 40)
    person = np.maximum(person, 0.5 * disc(70, 44))
    kept = decided(np.maximum(person, ghost).astype(np.float32))
    assert np.array_equal(kept, person)


@pytest.mark.parametrize(("salient", "agreed", "both"), [(True, True, None), (False, True, None), (False, False, True)])
def test_both_parsers_are_asked_where_nothing_is_clear(
    monkeypatch: pytest.MonkeyPatch, salient: bool, agreed: bool, both: bool | None
) -> None:
    matted = np.zeros((1, 64, 64), np.float32)
    matted[:, 16:48, 16:48] = 1
    parsed = matted.copy()
    parsed[:, :24] *= agreed
    window = Window(32, 32, 64)
    asked: list[dict[str, object]] = []

    def parse(image: np.ndarray, **options: object) -> Parsed:
        asked.append(options)
        return Parsed(window, ("background",), 1 - parsed)

    monkeypatch.setattr(module, "rvm", lambda image, **_: Parsed(window, ("person",), matted))
    monkeypatch.setattr(module, "parse_people", parse)
    monkeypatch.setattr(module, "isnet", lambda image: cv2.resize(matted[0], (SIDE, SIDE)) * salient)
    monkeypatch.setattr(module, "detect", lambda image, **_: [])
    people = module.find_people(np.zeros((64, 64, 3), np.uint8))
    assert people.max() > 0.9
    assert [options["garments"] for options in asked[1:]] == ([] if both is None else [both])


@pytest.mark.parametrize(
    ("agreement", "score", "face", "expected"),
    [
        (0.8, 0.0, False, True),
        (0.5, 0.0, False, False),
        (0.5, 0.2, False, True),
        (0.02, 0.2, False, False),
        (0.02, 0.4, False, True),
        (0.02, 0.0, True, True),
    ],
)
def test_the_less_two_networks_agree_the_more_a_box_or_a_face_must_say(
    monkeypatch: pytest.MonkeyPatch, agreement: float, score: float, face: bool, expected: bool
) -> None:
    monkeypatch.setattr(module, "find_faces", lambda image, seen, **_: FoundFaces([_FACE] * face, seen))
    things = [Thing(Box(0, 0, 9, 9), 18, "animal", 0.9), Thing(Box(0, 0, 9, 9), 1, "person", score)]
    assert module._somebody(np.zeros((9, 9, 3), np.uint8), _SEEN, agreement, things) is expected


def test_a_faint_box_speaks_only_for_people_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_faces", lambda image, seen, **_: FoundFaces([], seen))
    alpha = np.zeros((1, 40, 40), np.float32)
    alpha[0, :, 20:] = 1
    seen, image = Parsed(Window(50, 50, 100), ("person",), alpha), np.zeros((100, 100, 3), np.uint8)
    for left, expected in ((5, False), (60, True)):
        things = [Thing(Box(left, 10, left + 30, 90), 1, "person", 0.2)]
        assert module._somebody(image, seen, 0.5, things) is expected
    assert module._somebody(image, seen, 0.5, [Thing(Box(5, 10, 35, 90), 1, "person", 0.4)])
