"""From the bytes of a picture file to upright sRGB pixels."""

import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from koutu.errors import ImageContent
from koutu.images.buffers import empty
from koutu.images.colour import to_srgb
from koutu.images.header import open_file
from koutu.images.picture import Picture
from koutu.images.scans import count_scans
from koutu.images.shrink import BASE_SIDE, keep_base

_ORIENTATION_TAG = 0x0112
_MOST_SCANS = 100  # writers use about ten
_VERY_LARGE = 32_000_000  # pixels from which on looking ahead pays

Bytes = NDArray[np.uint8]


def decode(data: bytes, *, wide: bool = False, first_look: Callable[[Bytes], None] | None = None) -> Picture:
    """Decode a JPEG, PNG, BMP or WEBP file, and if `wide` also TIFF, GIF, AVIF or HEIC; of an animation the first frame.

    EXIF orientation is applied and colours are converted to sRGB by the embedded profile. 16-bit samples are cut to 8 bits.
    The pixels cannot be written to, so smaller copies of them can be shared (`shrink`).

    Args:
        data: the file.
        wide: take the additional formats.
        first_look: called with the photo while a very large one is still being decoded: only `shrink` shows something of it
            then. Not called for others.

    Raises:
        ImageContent: the file is no picture, is broken or ends too early.
    """
    with open_file(data, wide=wide) as file:
        if file.format in ("JPEG", "MPO") and count_scans(data, _MOST_SCANS) > _MOST_SCANS:
            raise ImageContent(f"The JPEG file has more than {_MOST_SCANS} scans.")
        fast = _decode_plain_jpeg(file, data, first_look)
        try:
            picture = _decode(file) if fast is None else Picture(fast)
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error) as error:
            raise ImageContent(f"The {file.format} file is broken or ends too early.") from error
        except MemoryError as error:
            raise ImageContent(f"The {file.format} file needs more memory than there is.") from error
    picture.rgb.flags.writeable = False
    return picture


def _decode_plain_jpeg(file: ImageFile, data: bytes, first_look: Callable[[Bytes], None] | None) -> Bytes | None:
    """libjpeg-turbo's own way for whole upright sRGB JPEGs, about twice as fast as Pillow's; None where more care is needed."""
    plain = file.format in ("JPEG", "MPO") and file.mode in ("RGB", "L") and "icc_profile" not in file.info
    if not plain or _orientation(file) != 1:
        return None
    pixels = empty(file.height, file.width, 3)
    try:
        if first_look is not None and file.height * file.width >= _VERY_LARGE:
            _decode_looking_ahead(data, pixels, first_look)
        else:
            simplejpeg.decode_jpeg(data, "RGB", buffer=pixels)
    except ValueError:
        return None  # broken or unusual: Pillow decides
    return pixels


def _decode_looking_ahead(data: bytes, pixels: Bytes, first_look: Callable[[Bytes], None]) -> None:
    """Decode into ``pixels``, and meanwhile show a small copy, which libjpeg-turbo makes in a fifth of the time."""
    with ThreadPoolExecutor(1) as pool:
        # A view of its own may be written to however late the thread starts.
        whole = pool.submit(simplejpeg.decode_jpeg, data, "RGB", buffer=pixels.view())
        small = simplejpeg.decode_jpeg(data, "RGB", min_height=BASE_SIDE, min_width=BASE_SIDE, min_factor=2)
        # It is smaller by whole eighths; a side that does not divide is rounded up, and the copy lies not quite over the photo.
        if all(8 * part % side == 0 for side, part in zip(pixels.shape[:2], small.shape[:2], strict=True)):
            pixels.flags.writeable = False
            keep_base(pixels, small)
            first_look(pixels)
        whole.result()


def _orientation(file: Image.Image) -> int:
    try:
        return int(file.getexif().get(_ORIENTATION_TAG, 1) or 1)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error):
        return 1  # broken EXIF data says nothing about the pixels


def _decode(file: ImageFile) -> Picture:
    orientation = _orientation(file)
    profile = file.info.get("icc_profile")
    file.load()
    image: Image.Image = file
    if orientation != 1:
        image = _upright(image, orientation)
    alpha = None
    if image.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = np.array(image.getchannel("A"))
        image = image.convert("RGB")
    elif image.mode.startswith("I"):
        grey = np.asarray(image)
        image = Image.fromarray((np.clip(grey, 0, 65535) >> 8).astype(np.uint8))
    elif image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("RGB")
    rgb = np.array(to_srgb(image, profile))
    if alpha is not None and bool((alpha == 255).all()):
        alpha = None
    return Picture(rgb, alpha)


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if method is None else image.transpose(method)
