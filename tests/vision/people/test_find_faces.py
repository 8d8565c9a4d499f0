from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from koutu.vision.faces.face import Face
from koutu.vision.parsing.parse_head import PARTS
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window
from koutu.vision.people import find_faces as module
from koutu.vision.people.find_faces import find_faces, is_seen

_SIDE = 200


def face(x: float, score: float, tiled: bool = False) -> Face:
    points = ((x - 5, 95.0), (x + 5, 95.0), (x, 100.0), (x, 108.0), (x - 12, 98.0), (x + 12, 98.0))
    return Face(x - 15, 85, 30, 30, score, points, tiled)


def person_on_the_left() -> Parsed:
    alpha = np.zeros((1, 64, 64), np.float32)
    alpha[0, :, :32] = 1
    return Parsed(Window(_SIDE / 2, _SIDE / 2, _SIDE), ("person",), alpha)


def blank() -> NDArray[np.uint8]:
    return np.zeros((_SIDE, _SIDE, 3), np.uint8)


def test_a_face_is_seen_where_somebody_is() -> None:
    assert is_seen(face(50, 0.9), person_on_the_left())
    assert not is_seen(face(150, 0.9), person_on_the_left())


@pytest.mark.parametrize(("x", "score", "kept"), [(50, 0.65, True), (150, 0.65, False), (150, 0.85, True)])
def test_an_uncertain_face_needs_somebody_behind_it(
    monkeypatch: pytest.MonkeyPatch, x: float, score: float, kept: bool
) -> None:
    monkeypatch.setattr(module, "detect_faces", lambda image, **_: [face(x, score)])
    assert len(find_faces(blank(), person_on_the_left()).faces) == kept


@pytest.mark.parametrize(("part", "kept"), [("nose", True), ("skin", False)])
def test_a_small_uncertain_face_needs_features_and_hair(monkeypatch: pytest.MonkeyPatch, part: str, kept: bool) -> None:
    def parsed(image: NDArray[np.uint8], window: Window) -> Parsed:
        probabilities = np.zeros((len(PARTS), 40, 40), np.float32)
        probabilities[PARTS.index("hair"), :12] = 1
        probabilities[PARTS.index(part), 18:22, 18:22] = 1
        return Parsed(window, PARTS, probabilities)

    monkeypatch.setattr(module, "detect_faces", lambda image, **_: [face(50, 0.7, tiled=True)])
    monkeypatch.setattr(module, "parse_head", parsed)
    assert len(find_faces(blank(), person_on_the_left()).faces) == kept


def test_where_no_face_is_nobody_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unwanted(image: NDArray[np.uint8]) -> Parsed:
        raise AssertionError("the matting network was asked")

    monkeypatch.setattr(module, "rvm", unwanted)
    assert find_faces(blank()) == ([], None)


def test_on_permissive_weights_the_detector_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "detect_faces", lambda image, **_: [face(150, 0.65)])
    monkeypatch.setattr(module, "allowed", lambda name: False)
    found = find_faces(blank())
    assert len(found.faces) == 1
    assert found.seen is None


def test_the_astronauts_face_is_seen(photos: Path) -> None:
    image = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    found = find_faces(image)
    assert len(found.faces) == 1
    assert found.seen is not None
    assert is_seen(found.faces[0], found.seen)


def test_a_face_of_forty_pixels_in_a_wide_photo_is_found(photos: Path) -> None:
    astronaut = Image.open(photos / "skimage_astronaut.png").convert("RGB").resize((200, 200))
    wide = np.full((600, 800, 3), 90, np.uint8)
    wide[400:, 300:500] = np.asarray(astronaut)
    (found,) = find_faces(wide).faces
    assert np.hypot(found.centre[0] - 388, found.centre[1] - 449) < 12
