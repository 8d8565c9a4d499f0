import numpy as np
import pytest

from koutu.vision.parsing.window import Window


@pytest.mark.parametrize("degrees", [0.0, 30.0, -75.0])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_what_a_window_saw_comes_back_to_its_place(degrees: float, scale: float) -> None:
    photo = np.zeros((200, 300, 3), np.uint8)
    photo[90:110, 140:180] = 255
    window = Window(150, 100, 120, degrees)
    seen = window.look(photo, 128)[0, 0]
    back = window.put_back(seen, (100, 50, 220, 150), scale)
    assert back.shape == (100 * scale, 120 * scale)
    truth = photo[50:150, 100:220, 0][:: round(1 / scale), :: round(1 / scale)] / 255
    assert np.abs(back - truth).mean() < 0.04


def test_a_turned_window_shows_a_turned_line_upright() -> None:
    photo = np.zeros((200, 200, 3), np.uint8)
    for step in range(-60, 60):
        photo[100 + step, 100 + step - 1 : 100 + step + 2] = 255  # falls to the right by 45 degrees
    seen = Window(100, 100, 80, 45).look(photo, 80)[0, 0]
    assert seen[38:42, 5:-5].mean() > 0.5
    assert seen[:30].mean() < 0.05  # without averaging it is over .2


def test_beyond_the_photo_there_is_grey() -> None:
    seen = Window(0, 0, 40).look(np.full((50, 50, 3), 255, np.uint8), 32)
    assert seen.shape == (1, 3, 32, 32)
    assert np.allclose(seen[0, :, 2, 2], 124 / 255, atol=0.01)
    assert np.allclose(seen[0, :, -3, -3], 1.0, atol=0.01)


def test_the_box_ends_at_the_photo() -> None:
    assert Window(10, 10, 40).box(100, 25) == (0, 0, 30, 25)


@pytest.mark.parametrize(
    ("x", "side", "expected"),
    [(50, 40, (50, 30, 40)), (5, 40, (20, 30, 40)), (98, 40, (80, 30, 40)), (50, 500, (50, 30, 100)), (10, 80, (40, 30, 80))],
)
def test_a_window_moves_onto_the_photo(x: float, side: float, expected: tuple[float, float, float]) -> None:
    moved = Window(x, 30, side, degrees=20).within(100, 60)
    assert (moved.x, moved.y, moved.side, moved.degrees) == (*expected, 0)


@pytest.mark.parametrize(("side", "most"), [(640, 0.12), (643, 0.12), (1280, 0.03), (1283, 0.03)])
def test_fine_patterns_become_grey(side: int, most: float) -> None:
    photo = np.zeros((side, side, 3), np.uint8)
    photo[::2, 1::2] = photo[1::2, ::2] = 255
    seen = Window(side / 2, side / 2, float(side)).look(photo, 256)
    assert abs(float(seen.mean()) - 0.5) < 0.01
    assert float(seen[..., 2:-2, 2:-2].std()) < most  # sampled without averaging it is .25 and more
