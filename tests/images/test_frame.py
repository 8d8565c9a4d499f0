import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from koutu.images.frame import between_bars, framed

Bytes = NDArray[np.uint8]


@pytest.fixture
def photo() -> Bytes:
    return np.random.default_rng(0).integers(0, 200, (60, 90, 3), np.uint8)


@pytest.mark.parametrize(
    ("above", "below", "left", "right"), [(20, 20, 0, 0), (0, 0, 15, 15), (12, 12, 30, 30), (10, 30, 20, 7), (20, 0, 30, 30)]
)
def test_margins_are_found_on_each_side(photo: Bytes, above: int, below: int, left: int, right: int) -> None:
    canvas = cv2.copyMakeBorder(photo, above, below, left, right, cv2.BORDER_CONSTANT, value=(250, 250, 250)).astype(np.uint8)
    assert framed(canvas) == (slice(above, above + 60), slice(left, left + 90))


def test_a_frame_survives_jpeg(photo: Bytes) -> None:
    smooth = cv2.resize(photo, (360, 240), interpolation=cv2.INTER_CUBIC)
    canvas = cv2.copyMakeBorder(smooth, 40, 40, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    coded = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    part = framed(cv2.imdecode(coded, cv2.IMREAD_COLOR).astype(np.uint8))
    assert part is not None
    rows, columns = part
    assert abs(rows.start - 40) <= 8
    assert abs(rows.stop - 280) <= 8
    assert columns == slice(0, 360)


def test_photos_without_margins_are_not_framed(photo: Bytes) -> None:
    assert framed(photo) is None
    assert framed(np.full((40, 40, 3), 255, np.uint8)) is None
    assert framed(np.zeros((1, 1, 3), np.uint8)) is None


def test_narrow_margins_do_no_harm(photo: Bytes) -> None:
    assert framed(cv2.copyMakeBorder(photo, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(250, 250, 250)).astype(np.uint8)) is None


def test_a_band_on_one_side_alone_may_be_sky(photo: Bytes) -> None:
    assert framed(cv2.copyMakeBorder(photo, 30, 0, 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255)).astype(np.uint8)) is None


def test_bars_leave_the_photo_two_borders_of_the_picture(photo: Bytes) -> None:
    def canvas(above: int, left: int) -> Bytes:
        return cv2.copyMakeBorder(photo, above, above, left, left, cv2.BORDER_CONSTANT, value=(9, 9, 9)).astype(np.uint8)

    assert between_bars(canvas(20, 0)) == (slice(20, 80), slice(0, 90))
    assert between_bars(canvas(0, 20)) == (slice(0, 60), slice(20, 110))
    assert framed(canvas(20, 20)) is not None
    assert between_bars(canvas(20, 20)) is None
    assert between_bars(photo) is None


def test_a_line_is_no_photo() -> None:
    paper = np.full((200, 300, 3), 240, np.uint8)
    paper[:, 140:150] = 20
    assert framed(paper) is None


def test_a_round_thing_before_a_plain_wall_is_not_framed() -> None:
    wall = np.full((200, 200, 3), 240, np.uint8)
    cv2.ellipse(wall, (100, 100), (60, 80), 0, 0, 360, (30, 60, 90), -1)
    assert framed(wall) is None
