from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.faces.face import Face


@pytest.fixture
def astronaut(photos: Path) -> NDArray[np.uint8]:
    return np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))


def test_the_astronaut_has_one_face_where_it_is(astronaut: NDArray[np.uint8]) -> None:
    faces = detect_faces(astronaut)
    assert len(faces) == 1
    assert not faces[0].tiled
    (x, y), size = faces[0].centre, faces[0].size
    assert abs(x - 225) < 15
    assert abs(y - 125) < 20
    assert 70 < size < 130
    assert abs(faces[0].roll) < 15


def test_the_subjects_right_eye_is_on_the_left(astronaut: NDArray[np.uint8]) -> None:
    right, left = detect_faces(astronaut)[0].points[:2]
    assert right[0] < left[0]


def test_a_small_face_is_found_in_a_tile(astronaut: NDArray[np.uint8]) -> None:
    canvas = np.full((1200, 1200, 3), 128, np.uint8)
    canvas[800:1056, 700:956] = np.asarray(Image.fromarray(astronaut).resize((256, 256)))
    faces = detect_faces(canvas)
    assert len(faces) == 1
    assert faces[0].tiled
    x, y = faces[0].centre
    assert abs(x - (700 + 225 / 2)) < 12
    assert abs(y - (800 + 125 / 2)) < 12


def test_a_face_that_fills_the_frame_is_found(astronaut: NDArray[np.uint8]) -> None:
    close = np.ascontiguousarray(astronaut[60:185, 170:285])
    assert len(detect_faces(close)) == 1


def test_a_cup_has_no_face(photos: Path) -> None:
    assert detect_faces(np.asarray(Image.open(photos / "skimage_coffee.png").convert("RGB"))) == []


def test_yaw_tells_profiles_from_frontal_faces() -> None:
    frontal = Face(0, 0, 10, 10, 1, ((2, 4), (8, 4), (5, 6), (5, 8), (0, 5), (10, 5)))
    profile = Face(0, 0, 10, 10, 1, ((6, 4), (8, 4), (9.5, 6), (8, 8), (2, 5), (9, 5)))
    assert abs(frontal.yaw) < 0.1
    assert abs(profile.yaw) > 0.9
