"""Results: backgrounds, files, notebooks, repr."""

import io

import numpy as np
import pytest
from PIL import Image

import koutu
from koutu.errors import ImageContent, InvalidParameter


@pytest.fixture(scope="module")
def cup():
    from tests.conftest import PHOTOS

    return koutu.segment_commodity(PHOTOS / "skimage_coffee.png")


def test_a_colour_shows_where_nothing_was_cut_out(cup):
    on = np.asarray(cup.on("#0000ff"))
    assert on[5, 5].tolist() == [0, 0, 255]
    inside = cup.mask == 1
    assert (on[inside] == np.asarray(cup.image)[..., :3][inside]).all()


def test_a_photo_as_background_fills_the_canvas(cup, photos):
    on = cup.on(photos / "sklearn_china.jpg")
    assert on.size == cup.image.size
    assert np.asarray(on)[0].std() > 5
    with pytest.raises(InvalidParameter, match="neither a colour"):
        cup.on("no such thing")


@pytest.mark.parametrize(
    ("suffix", "mode"), [("png", "RGBA"), ("JPG", "RGB"), ("webp", "RGBA"), ("avif", "RGBA"), ("bmp", "RGB")]
)
def test_save_by_suffix(cup, tmp_path, suffix, mode):
    cup.save(tmp_path / f"out.{suffix}")
    with Image.open(tmp_path / f"out.{suffix}") as image:
        assert (image.mode, image.size) == (mode, (600, 400))
        if mode == "RGB":
            assert min(image.getpixel((3, 3))) > 250, "white where the format has no alpha"


def test_an_unknown_suffix_is_refused(cup, tmp_path):
    with pytest.raises(InvalidParameter, match="webp"):
        cup.save(tmp_path / "out.doc")
    assert list(tmp_path.iterdir()) == []


def test_notebooks_show_small_pictures(cup, photos):
    with Image.open(io.BytesIO(cup._repr_png_())) as image:
        assert max(image.size) <= 640
    assert cup._repr_html_() is None
    scene = koutu.segment_scene(photos / "skimage_rocket.jpg")
    assert "sky" in scene._repr_html_()
    assert sum(scene.shares.values()) == pytest.approx(1)
    parts = koutu.parse_face(photos / "skimage_astronaut.png")
    assert parts._repr_html_().count("<figure") == len(parts.elements) > 5
    assert "nose" in parts._repr_html_()
    assert repr(parts) == f"<Result 512x512, {len(parts.elements)} elements>"
    with pytest.raises(InvalidParameter, match="cuts nothing out"):
        scene.on("white")


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "AVIF"])
def test_the_library_reads_more_than_the_api(photos, kind):
    buffer = io.BytesIO()
    with Image.open(photos / "skimage_coffee.png") as image:
        image.convert("RGB").resize((150, 100)).save(buffer, kind)
    assert koutu.segment_commodity(buffer.getvalue()).image.size == (150, 100)
    from koutu import library
    from koutu.contract import ACTIONS

    with pytest.raises(ImageContent, match="not a JPEG, PNG, BMP or WEBP"):
        library.run(ACTIONS["SegmentCommodity"], {"ImageURL": buffer.getvalue()})


def test_every_action_is_a_function_here_and_of_the_client():
    from koutu.contract import ACTIONS

    names = {action.function for action in ACTIONS.values() if action.images}
    for name in names:
        assert callable(getattr(koutu, name))
        assert name in koutu.__all__
        assert hasattr(koutu.Client, name)
