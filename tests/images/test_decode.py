import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from koutu.errors import ImageContent
from koutu.images.decode import decode
from koutu.images.header import read_header


def _file(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def smooth():
    """A picture that JPEG keeps well, with four corners that tell its orientation."""
    picture = np.full((40, 60, 3), 128, np.uint8)
    picture[:20, :30], picture[:20, 30:], picture[20:, :30], picture[20:, 30:] = (
        (250, 0, 0),
        (0, 250, 0),
        (0, 0, 250),
        (250, 250, 0),
    )
    return picture


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP"])
def test_lossless_kinds_come_back(noise, kind):
    data = _file(Image.fromarray(noise), kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert read_header(data).format == kind
    assert (decode(data).rgb == noise).all()


def test_jpeg_through_the_fast_way_agrees_with_pillow(smooth):
    data = _file(Image.fromarray(smooth), "JPEG", quality=95)
    with Image.open(io.BytesIO(data)) as image:
        slow = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(decode(data).rgb.astype(int) - slow).max() <= 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_all_eight_orientations_come_out_upright(smooth, orientation, kind):
    undo = {
        1: lambda p: p,
        2: np.fliplr,
        3: lambda p: np.rot90(p, 2),
        4: np.flipud,
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, 1),
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo(smooth)))
    upright = decode(_file(stored, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {}))).rgb
    assert upright.shape == smooth.shape
    corners = [(5, 5), (5, 55), (35, 5), (35, 55)]
    assert all(np.abs(upright[c].astype(int) - smooth[c]).max() < 30 for c in corners)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_mode_becomes_rgb(mode):
    ramp = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (32, 1))
    image = Image.fromarray(ramp)
    image = Image.fromarray(ramp.astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
    picture = decode(_file(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert picture.rgb.shape == (32, 64, 3)
    assert picture.rgb.flags.c_contiguous
    assert picture.rgb[:, :8].mean() < 60 < 190 < picture.rgb[:, -8:].mean()


def test_transparency_is_kept_apart(noise):
    rgba = np.dstack([noise, np.full(noise.shape[:2], 77, np.uint8)])
    picture = decode(_file(Image.fromarray(rgba), "PNG"))
    assert (picture.alpha == 77).all()
    assert (picture.rgb == noise).all()
    assert (picture.opaque() >= noise).all()


def test_a_palette_with_a_transparent_colour(noise):
    image = Image.fromarray(noise).quantize(8)
    data = _file(image, "PNG", transparency=3)
    assert ((decode(data).alpha == 0) == (np.asarray(image) == 3)).all()


def test_full_alpha_is_no_alpha(noise):
    rgba = np.dstack([noise, np.full(noise.shape[:2], 255, np.uint8)])
    assert decode(_file(Image.fromarray(rgba), "PNG")).alpha is None


def test_a_profile_is_applied(noise):
    lab = ImageCms.createProfile("LAB")
    data = _file(Image.fromarray(noise), "PNG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())
    assert (decode(data).rgb == noise).all(), "a profile of another colour space is passed over"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert (decode(_file(Image.fromarray(noise), "PNG", icc_profile=srgb)).rgb == noise).all()


def test_the_first_frame_of_an_animation(noise):
    frames = [Image.fromarray(noise), Image.fromarray(255 - noise)]
    for kind, options in (("WEBP", {"lossless": True}), ("PNG", {})):
        data = _file(frames[0], kind, save_all=True, append_images=frames[1:], duration=40, **options)
        assert (decode(data).rgb == noise).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
def test_truncated_files_are_refused(noise, kind, share):
    big = cv2.resize(noise, (400, 300), interpolation=cv2.INTER_NEAREST)
    data = _file(Image.fromarray(big), kind)
    with pytest.raises(ImageContent):
        decode(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<svg/>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"RIFF\0\0\0\0WEBP"]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ImageContent):
        read_header(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_depth_is_told(mode, noise):
    depth = {"1": 1, "L": 8, "LA": 16, "P": 8, "RGB": 24, "RGBA": 32}[mode]
    assert read_header(_file(Image.fromarray(noise).convert(mode), "PNG")).png_depth == depth
