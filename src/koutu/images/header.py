"""What a picture file is, told from its content and without decoding its pixels."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
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
_NARROW = frozenset(_OPENERS)
# Taken from files of one's own alone, never from callers of the API.
_OPENERS |= {
    "TIFF": TiffImagePlugin.TiffImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIC": lambda file: _open_heic(file),
}
_AVIF_BRANDS = (b"avif", b"avis")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class Header:
    """Format, size as stored (before the EXIF orientation is applied) and, for PNG, bits per pixel of a file."""

    format: str
    width: int
    height: int
    png_depth: int | None = None


def sniff(data: bytes, *, wide: bool = False) -> str:
    """The format of a file by its first bytes: JPEG, PNG, BMP or WEBP; TIFF, GIF, AVIF and HEIC only if `wide`.

    Raises:
        ImageContent: it is empty or none of these.
    """
    if not data:
        raise ImageContent("The image file is empty.")
    kind = _kind(data)
    if kind in _NARROW or (wide and kind):
        return kind
    if wide:
        raise ImageContent("The file is not a JPEG, PNG, BMP, WEBP, TIFF, GIF, AVIF or HEIC image.")
    raise ImageContent("The file is not a JPEG, PNG, BMP or WEBP image.")


def _kind(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"BM"):
        return "BMP"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "TIFF"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS:
        return "AVIF"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "AVIF" if any(brand in data[16:64] for brand in _AVIF_BRANDS) else "HEIC"
    return ""


def _open_heic(file: io.BytesIO) -> ImageFile:
    try:
        import pi_heif
    except ImportError as error:
        raise ImageContent("HEIC photos are read once koutu[heic] is installed: pip install 'koutu[heic]'.") from error
    pi_heif.register_heif_opener()
    return Image.OPEN["HEIF"][0](file, "")


def open_file(data: bytes, *, wide: bool = False) -> ImageFile:
    """Open a file lazily with the decoder of its own content.

    Raises:
        ImageContent: it is no picture, or its header is broken.
        ImageResolution: its decoder refuses so many pixels.
    """
    kind = sniff(data, wide=wide)
    try:
        return _OPENERS[kind](io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise ImageResolution(f"The {kind} file has more pixels than are taken.") from error
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, OverflowError, struct.error) as error:
        raise ImageContent(f"The {kind} file's header is broken.") from error


def read_header(data: bytes, *, wide: bool = False) -> Header:
    """Read the header of a picture file.

    Raises:
        ImageContent: it is no picture, or its header is broken.
        ImageResolution: its decoder refuses so many pixels.
    """
    kind = sniff(data, wide=wide)
    with open_file(data, wide=wide) as file:
        width, height = file.size
    if width < 1 or height < 1:
        raise ImageContent(f"The {kind} file has no pixels.")
    depth = data[24] * _PNG_CHANNELS.get(data[25], 0) if kind == "PNG" else None
    return Header(kind, width, height, depth)
