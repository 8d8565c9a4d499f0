"""Banners: products where the template has its slots, whatever they are like."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from koutu.cli.main import app
from koutu.errors import InvalidParameter
from koutu.studio.banner import make_banner, read_template

EXAMPLE = Path(__file__).parents[2] / "examples" / "banner"
run = CliRunner().invoke


def template(folder: Path, text: str) -> Path:
    path = folder / "template.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("align", "box"),
    [("centre", (25, 10, 75, 60)), ("left", (10, 10, 60, 60)), ("right", (40, 10, 90, 60))],
)
def test_a_product_fills_its_slot_in_one_direction(tmp_path, align, box):
    layout = read_template(
        template(
            tmp_path,
            f'size = [120, 90]\nbackground = "white"\n[[slots]]\nbox = [10, 10, 80, 50]\nalign = "{align}"\nshadow = 0',
        )
    )
    banner = make_banner(layout, [Image.new("RGBA", (300, 300), "red")], "x")
    assert banner.shape == (90, 120, 3)
    red = np.argwhere((banner == (255, 0, 0)).all(axis=2))
    assert (*red.min(axis=0)[::-1], *(red.max(axis=0) + 1)[::-1]) == box
    assert len(red) == 2500
    assert ((banner == 255).all(axis=2) | (banner == (255, 0, 0)).all(axis=2)).all()


def test_a_shadow_lies_below_and_nowhere_else(tmp_path):
    layout = read_template(template(tmp_path, "size = [200, 200]\n[[slots]]\nbox = [50, 20, 100, 120]\nshadow = 0.5"))
    banner = make_banner(layout, [Image.new("RGBA", (50, 60), "red")], "x")
    assert 100 < banner[142, 100].min() < 200
    assert banner[60, 40].min() == 255
    assert banner[10, 100].min() == 255


def test_texts_tell_the_name_and_stay_within_their_width(tmp_path):
    text = "size = [400, 200]\n[[slots]]\nbox = [300, 100, 90, 90]\n"
    text += '[[texts]]\ntext = "{name}"\nat = [10, 10]\nsize = 60\nwidth = 150'
    layout = read_template(template(tmp_path, text))
    product = Image.new("RGBA", (10, 10))
    banner = make_banner(layout, [product], "AveryLongWordIndeed and more")
    written = np.argwhere(banner.max(axis=2) < 128)
    assert 100 < written[:, 1].max() <= 165
    assert (make_banner(layout, [product], "i") != banner).any()


def test_the_overlay_lies_over_the_product(tmp_path):
    Image.new("RGBA", (10, 10), (0, 0, 255, 255)).save(tmp_path / "frame.png")
    layout = read_template(template(tmp_path, 'size = [50, 50]\noverlay = "frame.png"\n[[slots]]\nbox = [0, 0, 50, 50]'))
    assert (make_banner(layout, [Image.new("RGBA", (9, 9), "red")], "x") == (0, 0, 255)).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "size"),
        ("size = [10, 10]\n", "slots"),
        ("size = [10, 10]\ncolour = 1\n[[slots]]\nbox = [0, 0, 5, 5]", "colour"),
        ("size = [10, 10]\n[[slots]]\nbox = [0, 0, 0, 5]", "box"),
        ('size = [10, 10]\noverlay = "none.png"\n[[slots]]\nbox = [0, 0, 5, 5]', "none.png"),
        ("size = ", "no TOML"),
    ],
)
def test_a_template_that_cannot_be_used_is_explained(tmp_path, text, says):
    with pytest.raises(InvalidParameter, match=says):
        read_template(template(tmp_path, text))
    with pytest.raises(InvalidParameter, match="no template at"):
        read_template(tmp_path / "elsewhere")


def test_the_example_over_a_folder(photos, tmp_path):
    inputs = [str(photos / "skimage_coffee.png"), str(photos / "README.md")]
    result = run(app, ["banner", str(EXAMPLE), *inputs, "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "not a JPEG" in result.output
    (banner,) = (tmp_path / "out").iterdir()
    assert banner.name == "skimage_coffee.jpg"
    with Image.open(banner) as image:
        assert image.size == (1200, 628)
        slot = np.asarray(image)[60:560, 600:1140].astype(int)
    assert ((slot[..., 0] - slot[..., 2]) > 60).mean() > 0.2, "the red cup and its saucer"
    again = run(app, ["banner", str(EXAMPLE), str(photos / "skimage_coffee.png"), "-o", str(tmp_path / "out"), "--ready"])
    assert "no transparent background" in again.output
