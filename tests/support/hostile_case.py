"""A file to be afraid of, and what it is made of."""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageCms

WIDTH, HEIGHT = 96, 64


@dataclass(frozen=True)
class Case:
    """A file.

    Attributes:
        name: what it is.
        data: its bytes.
        verdict: "picture" must decode, "refused" must not, "either" may.
        shows_scene: whether a decoded picture must show `SCENE`, upright.
        tolerance: by how much its channels may differ, on average.
    """

    name: str
    data: bytes
    verdict: Literal["picture", "refused", "either"]
    shows_scene: bool = False
    tolerance: float = 6


def scene() -> Image.Image:
    """Four differently coloured quarters: no turn or flip of it looks like it."""
    array = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    array[: HEIGHT // 2, : WIDTH // 2] = (200, 40, 40)
    array[: HEIGHT // 2, WIDTH // 2 :] = (40, 200, 40)
    array[HEIGHT // 2 :, : WIDTH // 2] = (40, 40, 200)
    array[HEIGHT // 2 :, WIDTH // 2 :] = (180, 180, 60)
    return Image.fromarray(array)


SCENE = scene()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int, height: int, depth: int, colour: int, raw: bytes, *, before: bytes = b"", interlace: int = 0, after: bytes = b""
) -> bytes:
    """A PNG file of raw scan lines (each with its filter byte)."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(raw, 9))
        + after
        + chunk(b"IEND", b"")
    )


def packed(depth: int, channels: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Scan lines of a ramp."""
    line = (width * channels * depth + 7) // 8
    return b"".join(b"\0" + bytes((x + y) % 256 for x in range(line)) for y in range(height))


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
