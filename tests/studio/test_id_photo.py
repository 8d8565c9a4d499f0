"""Identity photos: whatever the photo's turn and size, the head ends where the rules want it."""

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.conftest import PHOTOS
from typer.testing import CliRunner

import koutu
from koutu.cli.main import app
from koutu.errors import InvalidParameter, Unsuitable
from koutu.images.photo import to_picture
from koutu.studio.id_photo import id_photo
from koutu.studio.print_sheet import print_sheet
from koutu.studio.rules import Size, read_size, rules_for
from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.faces.face_mesh import OUTLINES, face_mesh

run = CliRunner().invoke


def astronaut(degrees: float = 0.0, scale: float = 1.0) -> np.ndarray:
    """The sample turned clockwise and scaled, on a larger canvas of its edge's colours."""
    image = to_picture(PHOTOS / "skimage_astronaut.png").rgb
    matrix = cv2.getRotationMatrix2D((225, 120), -degrees, scale)
    matrix[:, 2] += 120 * scale
    side = round(512 * scale + 120)
    return cv2.warpAffine(image, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize(("degrees", "scale", "size"), [(0, 1.6, "eu"), (14, 1.6, "eu"), (-11, 1.2, "us"), (6, 1.5, "cn")])
def test_the_head_is_upright_centred_and_of_the_right_height(degrees, scale, size):
    print_size = read_size(size, 300)
    rules = rules_for(print_size)
    made = id_photo(to_picture(astronaut(degrees, scale)), print_size, 300, (67, 142, 219), koutu.here)
    width, height = print_size.pixels(300)
    assert made.image.shape == (height, width, 3)
    assert rules.least_head <= made.head <= rules.most_head
    assert rules.least_eyes <= made.eyes <= rules.most_eyes
    (face,) = detect_faces(made.image)
    # The mesh, not the detector, whose eyes are off by degrees.
    mesh = face_mesh(made.image, *face.centre, face.size, face.roll)
    right, left = (mesh[list(OUTLINES[eye])].mean(axis=0) for eye in ("r_eye", "l_eye"))
    assert abs(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0]))) < 1
    eyes = np.mean(face.points[:2], axis=0)
    assert abs(eyes[0] / width - 0.5) < 0.03
    assert abs((1 - eyes[1] / height) - made.eyes) < 0.02
    assert made.image[5, 5].tolist() == [67, 142, 219]


def test_what_is_no_portrait_is_refused(photos):
    def make(image):
        return id_photo(to_picture(image), Size(35, 45), 300, (255, 255, 255), koutu.here)

    with pytest.raises(Unsuitable, match="No face"):
        make(photos / "skimage_coffee.png")
    twice = np.hstack([astronaut(), astronaut()])
    with pytest.raises(Unsuitable, match="several"):
        make(twice)
    head_cut_off = make(astronaut(0, 1.6)[200:])
    assert "the photo cuts the head off" in head_cut_off.notes
    assert any("enlarged" in note for note in make(astronaut(0, 0.5)).notes)


@pytest.mark.parametrize(
    ("text", "size"), [("35x45mm", (35, 45)), ("2X2in", (50.8, 50.8)), ("3.5 × 4.5 cm", (35, 45)), ("300x600px", (25.4, 50.8))]
)
def test_sizes_are_read(text, size):
    read = read_size(text, 300)
    assert (read.width, read.height) == pytest.approx(size)


@pytest.mark.parametrize("text", ["", "big", "35mm", "0x5mm", "9999x9999mm"])
def test_other_sizes_are_refused(text):
    with pytest.raises(InvalidParameter, match="size"):
        read_size(text, 300)


def test_a_sheet_holds_as_many_as_fit_and_keeps_them_whole():
    photo = np.full((531, 413, 3), 77, np.uint8)
    sheet, copies = print_sheet(photo, Size(35, 45), read_size("4x6in", 300), 300)
    assert copies == 6
    assert (sheet == 77).all(axis=2).sum() == 6 * 531 * 413
    assert print_sheet(photo, Size(35, 45), read_size("a4", 300), 300)[1] == 30
    with pytest.raises(InvalidParameter, match="does not hold"):
        print_sheet(photo, Size(35, 45), Size(30, 60), 300)


def test_the_command_writes_photos_that_print_at_their_size(photos, tmp_path):
    command = ["id-photo", str(photos / "skimage_astronaut.png"), str(photos / "skimage_coffee.png"), "-o", str(tmp_path)]
    result = run(app, [*command, "--size", "eu", "--background", "red", "--sheet", "4x6in"])
    assert result.exit_code == 1, result.output
    assert "No face" in result.output
    with Image.open(tmp_path / "skimage_astronaut.jpg") as image:
        assert image.size == (413, 531)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=1)
        assert np.abs(np.subtract(image.getpixel((4, 4)), (217, 0, 27))).max() < 8
    with Image.open(tmp_path / "skimage_astronaut.sheet.jpg") as sheet:
        assert sheet.size == (1800, 1200)
    assert run(app, [*command, "--size", "huge"]).exit_code == 2
    assert run(app, [*command, "--background", "plaid"]).exit_code == 2
