import io

import numpy as np
import pytest
from PIL import Image

import koutu
from koutu import library
from koutu.contract import ACTIONS
from koutu.errors import ImageContent, ImageResolution, InvalidParameter, TooLarge, Unsuitable

CAT = "skimage_chelsea.png"
CUP = "skimage_coffee.png"
FLOWER = "sklearn_flower.jpg"


@pytest.fixture(scope="module")
def flower(request):
    from tests.conftest import PHOTOS

    return koutu.segment_common_image(PHOTOS / FLOWER)


def test_the_flower_is_cut_out_and_the_rest_is_gone(flower):
    assert flower.mask.shape == (427, 640)
    assert flower.mask.dtype == np.float32
    assert flower.mask[220, 260] > 0.95, "the flower's middle"
    assert flower.mask[30, 600] < 0.02
    assert flower.mask[400, 30] < 0.02
    assert 0.15 < (flower.mask > 0.5).mean() < 0.45
    assert flower.image.mode == "RGBA"
    assert flower.image.size == (640, 427)
    assert len(flower.elements) == 1
    element = flower.elements[0]
    assert (element.x, element.y, element.width, element.height) == (0, 0, 640, 427)


def test_all_kinds_of_photos_give_the_same(photos, flower):
    data = (photos / FLOWER).read_bytes()
    with Image.open(io.BytesIO(data)) as image:
        same = [data, str(photos / FLOWER), np.asarray(image), image]
        for photo in same[:2]:
            assert (koutu.segment_common_image(photo).mask == flower.mask).all()
        for photo in same[2:]:  # Pillow's JPEG decoder rounds otherwise
            assert np.abs(koutu.segment_common_image(photo).mask - flower.mask).mean() < 0.01


@pytest.mark.parametrize(("form", "mode"), [(None, "RGBA"), ("mask", "L"), ("whiteBK", "RGB"), ("unknown", "RGBA")])
def test_return_forms(photos, form, mode):
    assert koutu.segment_commodity(photos / CUP, return_form=form).image.mode == mode


def test_save_writes_what_image_shows(photos, flower, tmp_path):
    flower.save(tmp_path / "cut.png")
    with Image.open(tmp_path / "cut.png") as saved:
        assert (np.asarray(saved) == np.asarray(flower.image)).all()
    flower.save(tmp_path / "cut.webp")
    with Image.open(tmp_path / "cut.webp") as saved:
        assert saved.size == (640, 427)
    assert flower._repr_png_().startswith(b"\x89PNG")


def test_grey_arrays_and_transparent_images_are_taken(photos):
    with Image.open(photos / CAT) as image:
        grey = np.asarray(image.convert("L"))
        assert koutu.segment_common_image(grey).image.size == image.size
        rgba = np.dstack([np.asarray(image.convert("RGB")), np.full(grey.shape, 255, np.uint8)])
    rgba[:, :200, 3] = 0
    mask = koutu.segment_common_image(rgba).mask
    assert (mask[:, :200] == 0).all(), "what was transparent stays so"
    assert mask.max() > 0.9


@pytest.mark.parametrize(
    "array", [np.zeros((4, 4)), np.zeros((4, 4, 2), np.uint8), np.zeros((0, 4, 3), np.uint8), np.zeros(4, np.uint8)]
)
def test_arrays_of_other_shapes_are_refused(array):
    with pytest.raises(InvalidParameter, match="uint8"):
        koutu.segment_common_image(array)


def test_bytes_that_are_no_picture_are_refused():
    with pytest.raises(ImageContent):
        koutu.segment_common_image(b"no picture")


def test_a_photo_without_a_subject_is_refused():
    with pytest.raises(Unsuitable, match="subject"):
        koutu.segment_common_image(np.full((300, 300, 3), 200, np.uint8))


def test_the_pixel_limit_comes_before_decoding(photos, monkeypatch, fresh_settings):
    monkeypatch.setenv("KOUTU_MAX_PIXELS", "1000")
    with pytest.raises(ImageResolution, match="at most 1000"):
        koutu.segment_common_image(photos / CAT)


def test_documented_limits_hold_only_where_they_are_asked_for(photos):
    action = ACTIONS["SegmentCommonImage"]
    with Image.open(photos / FLOWER) as image:
        buffer = io.BytesIO()
        image.resize((2000, 100)).save(buffer, "JPEG")
    with pytest.raises(ImageResolution, match="2000"):
        library.run(action, {"ImageURL": buffer.getvalue()}, documented_limits=True)
    assert library.run(action, {"ImageURL": buffer.getvalue()}).pixels == 200_000
    heavy = (photos / FLOWER).read_bytes() + bytes(3 * 1024 * 1024)
    with pytest.raises(TooLarge):
        library.run(action, {"ImageURL": heavy}, documented_limits=True)


def test_encoded_elements_are_png_files(photos):
    result = library.run(ACTIONS["SegmentCommonImage"], {"ImageURL": (photos / CUP).read_bytes()}, {"ReturnForm": "mask"})
    (encoded,) = result.encode()
    with Image.open(io.BytesIO(encoded.data)) as image:
        assert image.mode == "L"
        assert image.size == (encoded.width, encoded.height) == (600, 400)


def test_elements_without_a_place_are_on_the_whole_canvas(photos):
    result = koutu.segment_vehicle(photos / "skimage_motorcycle_left.png")
    (element,) = result.elements
    assert (element.x, element.y) == (0, 0)
    assert element.image.size == (element.width, element.height) == result.image.size == (741, 500)
    assert element.mask[250, 370] > 0.9
    assert element.mask[20, 20] < 0.1


def test_elements_with_a_place_are_cut_to_their_box(photos):
    (element,) = koutu.segment_head(photos / "skimage_astronaut.png").elements
    assert element.image.size == (element.width, element.height)
    assert element.x > 100
    assert element.width < 300
    assert element.mask.shape == (512, 512)
