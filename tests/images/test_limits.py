import pytest

from koutu.contract import ACTIONS, Limits
from koutu.errors import ImageContent, ImageResolution, TooLarge
from koutu.images.header import Header
from koutu.images.limits import check_documented, check_safe

COMMON = ACTIONS["SegmentCommonImage"].limits
FACE = ACTIONS["ParseFace"].limits


@pytest.mark.parametrize("size", [(33, 33), (1999, 33), (1999, 1999)])
def test_sides_inside_the_exclusive_bounds_pass(size):
    check_documented(Header("JPEG", *size), 3 * 1024 * 1024, COMMON)


@pytest.mark.parametrize("size", [(32, 100), (100, 32), (2000, 100), (100, 2000)])
def test_sides_on_the_bounds_are_refused(size):
    with pytest.raises(ImageResolution, match=f"{size[0]}x{size[1]}"):
        check_documented(Header("JPEG", *size), 1000, COMMON)


def test_one_byte_more_is_refused():
    with pytest.raises(TooLarge, match="3145728"):
        check_documented(Header("JPEG", 100, 100), 3 * 1024 * 1024 + 1, COMMON)


def test_formats_and_depths():
    with pytest.raises(ImageContent, match="WEBP"):
        check_documented(Header("WEBP", 200, 200), 1000, FACE)
    with pytest.raises(ImageContent, match="8 bits"):
        check_documented(Header("PNG", 200, 200, 8), 1000, COMMON)
    check_documented(Header("PNG", 200, 200, 32), 1000, COMMON)
    check_documented(Header("PNG", 200, 200, 8), 1000, FACE)


@pytest.mark.parametrize(
    ("width", "height", "fits"), [(200, 400, True), (400, 200, True), (200, 401, False), (401, 200, False)]
)
def test_the_ratio_of_sides(width, height, fits):
    if fits:
        check_documented(Header("JPEG", width, height), 1000, FACE)
    else:
        with pytest.raises(ImageResolution, match="between"):
            check_documented(Header("JPEG", width, height), 1000, FACE)


def test_no_bound_where_none_is_documented():
    check_documented(Header("BMP", 1, 1), 1, Limits(formats=("BMP",), max_bytes=1))


def test_too_many_pixels_are_refused_whatever_the_action():
    check_safe(Header("PNG", 10_000, 10_000), 100_000_000)
    with pytest.raises(ImageResolution):
        check_safe(Header("PNG", 10_000, 10_001), 100_000_000)
