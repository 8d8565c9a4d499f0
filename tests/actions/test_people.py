"""The actions on people, on the astronaut and on a cup: what must be inside, what outside, and what nobody gets."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from koutu.actions.outcome import Outcome
from koutu.actions.parse_face import ALWAYS, ORDER, parse_face
from koutu.actions.segment_body import segment_body
from koutu.actions.segment_cloth import segment_cloth
from koutu.actions.segment_face import segment_face
from koutu.actions.segment_hair import segment_hair
from koutu.actions.segment_hd_body import segment_hd_body
from koutu.actions.segment_head import segment_head
from koutu.actions.segment_skin import segment_skin
from koutu.errors import InvalidParameter, Unsuitable

Image8 = NDArray[np.uint8]

# (x, y) on the astronaut
NOSE, HAIR, SUIT, FLAG, HELMET, WALL = (226, 125), (190, 40), (130, 380), (50, 100), (420, 440), (480, 60)
SLEEVE = (120, 330)


@pytest.fixture(params=["any", "permissive"])
def licences(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, fresh_settings: None) -> str:
    monkeypatch.setenv("KOUTU_LICENCES", request.param)
    return str(request.param)


@pytest.fixture
def astronaut(photos: Path) -> Image8:
    return np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))


@pytest.fixture
def coffee(photos: Path) -> Image8:
    return np.asarray(Image.open(photos / "skimage_coffee.png").convert("RGB"))


def at(outcome: Outcome, point: tuple[int, int], shape: tuple[int, int] = (512, 512)) -> int:
    """The largest alpha at a point."""
    canvas = np.zeros(shape, np.uint8)
    for element in outcome.elements:
        box = slice(element.y, element.y + element.height), slice(element.x, element.x + element.width)
        np.maximum(canvas[box], element.alpha, out=canvas[box])
    return int(canvas[point[1], point[0]])


def check(outcome: Outcome, inside: tuple[tuple[int, int], ...], outside: tuple[tuple[int, int], ...]) -> None:
    assert [at(outcome, point) > 200 for point in inside] == [True] * len(inside)
    assert [at(outcome, point) < 50 for point in outside] == [True] * len(outside)


def test_the_body(astronaut: Image8, licences: str) -> None:
    check(segment_body(astronaut), (NOSE, HAIR, SUIT), (WALL,))
    assert np.array_equal(segment_hd_body(astronaut).elements[0].alpha, segment_body(astronaut).elements[0].alpha)


def test_the_head(astronaut: Image8, licences: str) -> None:
    outcome = segment_head(astronaut)
    assert len(outcome.elements) == 1
    check(outcome, (NOSE, HAIR), (SUIT, FLAG, WALL, HELMET))


def test_the_face_is_inside_the_head(astronaut: Image8, licences: str) -> None:
    outcome = segment_face(astronaut)
    check(outcome, (NOSE,), (HAIR, SUIT, FLAG, WALL))
    face, head = outcome.elements[0], segment_head(astronaut).elements[0]
    assert head.x - 3 <= face.x < face.x + face.width <= head.x + head.width + 3
    assert face.height < head.height


def test_the_hair(astronaut: Image8, licences: str) -> None:
    check(segment_hair(astronaut), (HAIR,), (NOSE, SUIT, FLAG, WALL))


def test_the_skin(astronaut: Image8, licences: str) -> None:
    outcome = segment_skin(astronaut)
    check(outcome, (NOSE,), (HAIR, WALL, FLAG))
    assert outcome.elements[0].alpha.shape == astronaut.shape[:2]


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("action", [segment_body, segment_head, segment_face, segment_hair, segment_skin, segment_cloth])
def test_a_photo_on_its_side_gives_the_same(astronaut: Image8, action: Callable[[Image8], Outcome], turns: int) -> None:
    def seen(photo: Image8) -> NDArray[np.bool_]:
        mask = np.zeros(photo.shape[:2], np.bool_)
        for element in action(photo).elements:
            mask[element.y : element.y + element.height, element.x : element.x + element.width] |= element.alpha > 127
        return mask

    upright, lying = seen(astronaut), np.rot90(seen(np.ascontiguousarray(np.rot90(astronaut, turns))), -turns)
    assert (upright & lying).sum() > 0.9 * (upright | lying).sum()


def test_two_heads_are_two_elements_largest_first(astronaut: Image8, licences: str) -> None:
    small = np.asarray(Image.fromarray(astronaut).resize((300, 300)))
    both = np.full((512, 812, 3), 200, np.uint8)
    both[:, 300:], both[:300, :300] = astronaut, small
    elements = segment_head(both).elements
    assert [element.x >= 300 for element in elements] == [True, False]
    assert elements[0].height > elements[1].height


def test_shaded_hair_is_no_hat(astronaut: Image8) -> None:
    hair = segment_hair(astronaut).elements[0]
    assert hair.alpha[100 - hair.y, 292 - hair.x] > 200


def test_the_parts_of_the_face(astronaut: Image8, licences: str) -> None:
    parts = {element.name: element for element in parse_face(astronaut).elements}
    assert set(ALWAYS) <= set(parts) <= set(ORDER)
    assert list(parts) == [name for name in ORDER if name in parts]
    assert all(element.alpha.shape == astronaut.shape[:2] for element in parts.values())

    def column(name: str) -> float:
        return float(np.nonzero(parts[name].alpha > 127)[1].mean())

    # The subject's right is on the left of a frontal photo.
    assert column("r_eye") < column("nose") < column("l_eye")
    covered = sum((element.alpha > 127).astype(int) for element in parts.values())
    assert covered.max() == 1


def test_nobody_is_found_in_a_cup(coffee: Image8, licences: str) -> None:
    for action in (segment_head, segment_face, segment_hair, segment_cloth):
        assert action(coffee) == Outcome()
    single: tuple[Callable[[Image8], Outcome], ...] = (segment_body, segment_skin, parse_face)
    for action in single:
        with pytest.raises(Unsuitable, match=r"No .* found"):
            action(coffee)


def test_a_face_to_parse_must_be_alone_and_large(astronaut: Image8) -> None:
    with pytest.raises(Unsuitable, match="2 faces"):
        parse_face(np.hstack([astronaut, astronaut]))
    with pytest.raises(Unsuitable, match="100x100"):
        parse_face(np.asarray(Image.fromarray(astronaut).resize((256, 256))))
    wide = np.full((640, 2048, 3), 128, np.uint8)
    wide[:, :640] = np.asarray(Image.fromarray(astronaut).resize((640, 640)))
    with pytest.raises(Unsuitable, match="less than a tenth"):
        parse_face(wide)


def test_garments_by_class(astronaut: Image8, licences: str) -> None:
    everything = segment_cloth(astronaut)
    check(everything, (SLEEVE,), (NOSE, WALL))
    names = [element.name for element in everything.elements]
    areas = [int(element.alpha.sum(dtype=np.int64)) for element in everything.elements]
    assert areas == sorted(areas, reverse=True)
    one = segment_cloth(astronaut, cloth_class=[names[0]])
    assert [element.name for element in one.elements] == names[:1]
    together = segment_cloth(astronaut, out_mode=1).elements
    assert len(together) == 1
    assert np.array_equal(together[0].alpha, np.maximum.reduce([element.alpha for element in everything.elements]))
    with pytest.raises(InvalidParameter, match="ClothClass"):
        segment_cloth(astronaut, cloth_class=["crown"])
