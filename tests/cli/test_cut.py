import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from koutu.cli.main import app

run = CliRunner().invoke


def test_cut_writes_a_cutout(photos, tmp_path):
    result = run(app, ["cut", "common", str(photos / "skimage_coffee.png"), "-o", str(tmp_path / "out.png")])
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "out.png") as image:
        assert image.mode == "RGBA"
        assert image.size == (600, 400)
        alpha = np.asarray(image)[..., 3]
    assert alpha[200, 300] > 240
    assert alpha[5, 5] < 5


def test_a_bad_file_does_not_stop_the_others(photos, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"nothing")
    files = [str(bad), str(photos / "skimage_coffee.png")]
    result = run(app, ["cut", "commodity", *files, "-o", str(tmp_path / "out"), "--form", "white"])
    assert result.exit_code == 1
    assert "not a JPEG" in result.output
    with Image.open(tmp_path / "out" / "skimage_coffee.png") as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["nose"], "not an action"), (["scene", "--form", "crop"], "labels"), (["common", "-o", "one.png"], "folder")],
)
def test_wrong_arguments_are_explained(photos, arguments, says):
    files = [str(photos / "skimage_coffee.png"), str(photos / "skimage_chelsea.png")]
    result = run(app, ["cut", arguments[0], *files, *arguments[1:]])
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


def test_a_contact_sheet(photos, tmp_path):
    files = [str(photos / name) for name in ("skimage_coffee.png", "skimage_chelsea.png", "sklearn_flower.jpg")]
    result = run(app, ["sheet", *files, "-o", str(tmp_path / "sheet.png"), "--columns", "2", "--side", "100"])
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.size == (224, 224)


def test_models_are_listed_and_verified():
    assert "isnet" in run(app, ["models", "list"]).output
    assert run(app, ["models", "verify", "isnet"]).output.strip() == "isnet: ok"
    assert "DIS" in run(app, ["models", "show", "isnet"]).output
    assert run(app, ["models", "verify", "nothing"]).exit_code == 2
