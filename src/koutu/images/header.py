"""What a picture file is, told from its content and without decoding its pixels."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

from PIL import BmpImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin
from PIL.ImageFile import ImageFile

from koutu.errors import ImageContent, ImageResolution

Opener = Callable[[io.BytesIO], ImageFile]

# Called directly, since PIL.Image.open would apply its process-wide pixel limit, which belongs to the host application.
_OPENERS: dict[str, Opener] = {
    "JPEG": lambda file: JpegImagePlugin.jpeg_factory(file, ""),
    "PNG": PngImagePlugin.PngImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
}
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class Header:
    """Format, size as stored (before the EXIF orientation is applied) and, for PNG, bits per pixel of a file."""

    format: str
    width: int
    height: int
    png_depth: int | None = None


def sniff(data: bytes) -> str:
    """The format of a file by its first bytes: JPEG, PNG, BMP or WEBP.

    Raises:
        ImageContent: it is empty or none of these.
    """
    if not data:
        raise ImageContent("The image file is empty.")
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"BM"):
        return "BMP"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise ImageContent("The file is not a JPEG, PNG, BMP or WEBP image.")


def open_file(data: bytes) -> ImageFile:
    """Open a file lazily with the decoder of its own content.

    Raises:
        ImageContent: it is no picture, or its header is broken.
        ImageResolution: its decoder refuses so many pixels.
    """
    kind = sniff(data)
    try:
        return _OPENERS[kind](io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise ImageResolution(f"The {kind} file has more pixels than are taken.") from error
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, OverflowError, struct.error) as error:
        raise ImageContent(f"The {kind} file's header is broken.") from error


def read_header(data: bytes) -> Header:
    """Read the header of a picture file.

    Raises:
        ImageContent: it is no picture, or its header is broken.
        ImageResolution: its decoder refuses so many pixels.
    """
    kind = sniff(data)
    with open_file(data) as file:
        width, height = file.size
    if width < 1 or height < 1:
        raise ImageContent(f"The {kind} file has no pixels.")
    depth = data[24] * _PNG_CHANNELS.get(data[25], 0) if kind == "PNG" else None
    return Header(kind, width, height, depth)
