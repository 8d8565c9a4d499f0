"""Files that want more memory or time than they should, and files that are not what they say."""

import random
import struct
import zlib
from collections.abc import Iterator

from hostile_case import HEIGHT, SCENE, WIDTH, Case, chunk, packed, png, saved


def bombs() -> Iterator[Case]:
    side = 30_000
    line = b"\0" + bytes(side // 8)
    compressor = zlib.compressobj(9)
    body = b"".join(compressor.compress(line) for _ in range(side)) + compressor.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    yield Case(
        "PNG of 900 megapixels in 110 kB",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b""),
        "refused",
    )
    for size in ((2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (0, 0), (0, 10), (10, 0), (65535, 65535), (200_000_001, 1)):
        yield Case(f"PNG that claims {size[0]}x{size[1]}", png(*size, 8, 2, b"\0" * 100), "refused")
    text = zlib.compress(bytes(50_000_000), 9)
    pixels = packed(8, 3)
    yield Case("PNG zTXt bomb", png(WIDTH, HEIGHT, 8, 2, pixels, before=chunk(b"zTXt", b"a\0\0" + text)), "either")
    yield Case("PNG iTXt bomb", png(WIDTH, HEIGHT, 8, 2, pixels, before=chunk(b"iTXt", b"a\0\1\0\0\0" + text)), "either")
    yield Case("PNG iCCP bomb", png(WIDTH, HEIGHT, 8, 2, pixels, before=chunk(b"iCCP", b"a\0\0" + text)), "either")
    yield Case(
        "PNG zTXt bomb after the pixels", png(WIDTH, HEIGHT, 8, 2, pixels, after=chunk(b"zTXt", b"a\0\0" + text)), "either"
    )
    some = zlib.compress(bytes(900_000), 9)
    yield Case("PNG of 500 zTXt", png(WIDTH, HEIGHT, 8, 2, pixels, before=chunk(b"zTXt", b"a\0\0" + some) * 500), "either")
    yield Case("PNG whose pixels inflate to 50 MB", png(WIDTH, HEIGHT, 8, 2, pixels + bytes(50_000_000)), "either")
    yield Case("PNG of 100000 empty chunks", png(WIDTH, HEIGHT, 8, 2, pixels, before=chunk(b"prVt", b"") * 100_000), "either")
    yield Case(
        "PNG of 3 MB of text", png(WIDTH, HEIGHT, 8, 2, pixels, before=chunk(b"tEXt", b"a\0" + b"b" * 2_900_000)), "either"
    )
    progressive = saved(SCENE.resize((1200, 1200)), "JPEG", progressive=True)
    start = progressive.rfind(b"\xff\xda")
    yield Case("JPEG of 20000 scans", progressive[:start] + progressive[start:-2] * 20_000 + b"\xff\xd9", "refused")
    yield Case("JPEG with 20000 scans behind its end", progressive + progressive[start:-2] * 20_000, "picture")
    plain = saved(SCENE, "JPEG")
    frame = plain.index(b"\xff\xc0")
    for size in ((65500, 65500), (0, 0), (0, 100), (100, 0), (65535, 1)):
        broken = plain[: frame + 5] + struct.pack(">HH", size[1], size[0]) + plain[frame + 9 :]
        yield Case(f"JPEG that claims {size[0]}x{size[1]}", broken, "either" if size == (65535, 1) else "refused")
    yield Case(
        "JPEG with 1000 comments",
        plain[:2] + b"\xff\xfe\xff\xff" + b"c" * 65533 + (b"\xff\xfe\0\x02") * 1000 + plain[2:],
        "picture",
    )
    yield Case(
        "JPEG with 40 EXIF blocks", plain[:2] + (b"\xff\xe1\xff\xff" + b"Exif\0\0" + b"\xff" * 65527) * 40 + plain[2:], "either"
    )
    loop = b"Exif\0\0MM\0*\0\0\0\x08" + b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08" + b"\0\0\0\x08"
    yield Case(
        "JPEG whose EXIF runs in a circle",
        plain[:2] + b"\xff\xe1" + struct.pack(">H", len(loop) + 2) + loop + plain[2:],
        "picture",
    )
    yield Case("JPEG with trailing megabytes", plain + bytes(2_500_000), "picture")
    vp8x = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xff\x3f\0" + b"\xff\x3f\0"
    yield Case("WEBP that claims 16384x16384", b"RIFF" + struct.pack("<I", 4 + len(vp8x)) + b"WEBP" + vp8x, "refused")
    lossless = bytearray(saved(SCENE, "WEBP", lossless=True))
    lossless[21:25] = b"\xff\xff\xff\x0f"
    yield Case("WEBP lossless that claims 16384x16384", bytes(lossless), "refused")


def impostors() -> Iterator[Case]:
    scripts = {
        "empty file": b"",
        "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "SVG bomb": b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
        "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n",
        "HTML": b"<html><body>404</body></html>",
        "JSON": b'{"error": "not found"}',
        "GIF": saved(SCENE.quantize(), "GIF"),
        "TIFF": saved(SCENE, "TIFF"),
        "ICO": saved(SCENE, "ICO"),
        "JPEG 2000 signature": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
        "AVIF signature": b"\0\0\0\x20ftypavif" + bytes(100),
        "HEIC signature": b"\0\0\0\x20ftypheic" + bytes(100),
        "PSD signature": b"8BPS\0\x01" + bytes(100),
        "ZIP": b"PK\x03\x04" + bytes(100),
        "ELF": b"\x7fELF" + bytes(100),
        "one byte": b"\x89",
        "PNG signature alone": b"\x89PNG\r\n\x1a\n",
        "JPEG start alone": b"\xff\xd8\xff",
        "JPEG start and end": b"\xff\xd8\xff\xd9",
        "BMP magic alone": b"BM",
        "RIFF alone": b"RIFF\0\0\0\0WEBP",
        "RIFF of sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(100),
        "base64 of a PNG": b"data:image/png;base64,iVBORw0KGgo=",
        "MNG": b"\x8aMNG\r\n\x1a\n" + bytes(100),
        "zeros": bytes(10_000),
        "spaces before a PNG": b"  " + saved(SCENE, "PNG"),
        "ImageMagick script": b"push graphic-context\nfill 'url(http://127.0.0.1/)'\npop graphic-context\n",
    }
    for name, data in scripts.items():
        yield Case(name, data, "refused")
    for name, start in (
        ("PNG", b"\x89PNG\r\n\x1a\n"),
        ("JPEG", b"\xff\xd8\xff\xe0"),
        ("BMP", b"BM"),
        ("WEBP", b"RIFF\xff\xff\0\0WEBPVP8 "),
    ):
        for seed in range(5):
            yield Case(f"{name} of noise {seed}", start + random.Random(seed).randbytes(3000), "refused")
    for name in ("SVG", "PDF", "HTML"):
        yield Case(f"{name} dressed as PNG", b"\x89PNG\r\n\x1a\n" + scripts[name], "refused")
        yield Case(f"{name} dressed as JPEG", b"\xff\xd8\xff" + scripts[name], "refused")
        yield Case(f"PNG with {name} behind it", saved(SCENE, "PNG") + scripts[name], "picture", True)
