"""Picture files to be afraid of, made from scratch: each has a name, its bytes, and what is to come of it."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

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


def orientations() -> Iterator[Case]:
    turns = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    for orientation, turn in turns.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = SCENE if turn is None else SCENE.transpose(turn)
        for kind in ("JPEG", "PNG", "WEBP"):
            options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}
            yield Case(f"{kind} orientation {orientation}", saved(stored, kind, exif=exif, **options), "picture", True)
    for orientation in (0, 9, 65535):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield Case(
            f"JPEG orientation {orientation}", saved(SCENE, "JPEG", exif=exif, quality=95, subsampling=0), "picture", True
        )


def png_kinds() -> Iterator[Case]:
    colours = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 3: (1, (1, 2, 4, 8)), 4: (2, (8, 16)), 6: (4, (8, 16))}
    for colour, (channels, depths) in colours.items():
        for depth in depths:
            palette = (
                chunk(b"PLTE", bytes(range(256)) * 3 if depth == 8 else bytes(range(3 * 2**depth))) if colour == 3 else b""
            )
            raw = packed(depth, channels)
            yield Case(f"PNG colour {colour} depth {depth}", png(WIDTH, HEIGHT, depth, colour, raw, before=palette), "picture")
            transparency = {0: b"\0\1", 2: b"\0\1" * 3, 3: b"\0\x80"}.get(colour)
            if transparency:
                before = palette + chunk(b"tRNS", transparency)
                yield Case(
                    f"PNG colour {colour} depth {depth} tRNS", png(WIDTH, HEIGHT, depth, colour, raw, before=before), "picture"
                )
    for colour, depth in ((0, 3), (2, 4), (3, 16), (5, 8), (1, 8), (6, 32), (2, 0), (255, 255)):
        data = png(WIDTH, HEIGHT, depth, colour, packed(8, 4))
        yield Case(f"PNG impossible colour {colour} depth {depth}", data, "refused")
    yield Case("PNG interlaced", saved_interlaced(), "picture", True)
    yield Case(
        "PNG palette index out of range", png(WIDTH, HEIGHT, 8, 3, packed(8, 1), before=chunk(b"PLTE", b"\1\2\3")), "either"
    )
    yield Case("PNG palette without PLTE", png(WIDTH, HEIGHT, 8, 3, packed(8, 1)), "either")
    yield Case("PNG PLTE of odd length", png(WIDTH, HEIGHT, 8, 3, packed(8, 1), before=chunk(b"PLTE", b"\1\2\3\4")), "either")
    yield Case("PNG tRNS too long", png(WIDTH, HEIGHT, 8, 2, packed(8, 3), before=chunk(b"tRNS", b"\0" * 999)), "either")
    yield Case("PNG tRNS too short", png(WIDTH, HEIGHT, 8, 2, packed(8, 3), before=chunk(b"tRNS", b"\0")), "either")
    yield Case("PNG bad filter", png(WIDTH, HEIGHT, 8, 0, packed(8, 1).replace(b"\0", b"\x09")), "either")


def saved_interlaced() -> bytes:
    """Adam7, which Pillow reads and does not write."""
    pixels = np.asarray(SCENE)
    raw = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = pixels[y0::dy, x0::dx]
        raw += b"".join(b"\0" + row.tobytes() for row in part)
    return png(WIDTH, HEIGHT, 8, 2, raw, interlace=1)


def cmyk() -> Iterator[Case]:
    plain = SCENE.convert("CMYK")
    yield Case("JPEG CMYK without profile", saved(plain, "JPEG", quality=95), "picture", True, 12)
    yield Case("JPEG CMYK with an RGB profile", saved(plain, "JPEG", quality=95, icc_profile=srgb()), "picture", True, 12)
    yield Case(
        "JPEG CMYK with a broken profile", saved(plain, "JPEG", quality=95, icc_profile=b"\0" * 200), "picture", True, 12
    )
    yield Case("JPEG grey", saved(SCENE.convert("L"), "JPEG"), "picture")
    yield Case("JPEG grey with an RGB profile", saved(SCENE.convert("L"), "JPEG", icc_profile=srgb()), "picture")
    yield Case("JPEG RGB with sRGB", saved(SCENE, "JPEG", quality=95, subsampling=0, icc_profile=srgb()), "picture", True)
    for size in (0, 1, 127, 128, 200, 5000):
        noise = random.Random(size).randbytes(size)
        yield Case(
            f"JPEG with {size} random bytes of profile",
            saved(SCENE, "JPEG", quality=95, subsampling=0, icc_profile=noise),
            "picture",
            True,
        )
        yield Case(f"PNG with {size} random bytes of profile", saved(SCENE, "PNG", icc_profile=noise), "either", True)
    good = bytearray(srgb())
    for seed in range(12):
        dice = random.Random(seed)
        broken = bytearray(good)
        for _ in range(8):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        yield Case(f"JPEG with damaged profile {seed}", saved(SCENE, "JPEG", icc_profile=bytes(broken)), "picture")
    yield Case(
        "JPEG with a profile tag beyond its end",
        saved(SCENE, "JPEG", icc_profile=bytes(good[:132] + b"\xff" * 12 + good[144:])),
        "picture",
    )


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def animations() -> Iterator[Case]:
    frames = [Image.new("RGB", SCENE.size, colour) for colour in ("black", "white", "red")]
    yield Case("animated WEBP", saved(SCENE, "WEBP", save_all=True, append_images=frames, lossless=True), "picture", True)
    yield Case("APNG", saved(SCENE, "PNG", save_all=True, append_images=frames), "picture", True)
    many = [Image.new("RGB", SCENE.size, (n % 256, n // 256, 0)) for n in range(600)]
    yield Case("APNG of 600 frames", saved(SCENE, "PNG", save_all=True, append_images=many), "picture", True)
    yield Case(
        "animated WEBP of 600 frames", saved(SCENE, "WEBP", save_all=True, append_images=many, lossless=True), "picture", True
    )
    yield Case("GIF animated", saved(SCENE.quantize(), "GIF", save_all=True, append_images=frames), "refused")
    control = chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF))
    yield Case("APNG that claims 4 billion frames", png(WIDTH, HEIGHT, 8, 2, packed(8, 3), before=control), "either")
    yield Case("APNG that claims no frame", png(WIDTH, HEIGHT, 8, 2, packed(8, 3), before=chunk(b"acTL", b"\0" * 8)), "either")


def bitmaps() -> Iterator[Case]:
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield Case(f"BMP {mode}", saved(SCENE.convert(mode), "BMP"), "picture", mode in ("RGB", "RGBA"))
    plain = bytearray(saved(SCENE, "BMP"))
    for name, offset, value in (
        ("width 0", 18, 0),
        ("height 0", 22, 0),
        ("width -1", 18, -1),
        ("width huge", 18, 2**31 - 1),
        ("height huge", 22, 2**31 - 1),
        ("height smallest", 22, -(2**31)),
        ("data offset huge", 10, 2**31 - 1),
        ("data offset 0", 10, 0),
        ("header size 0", 14, 0),
        ("header size huge", 14, 2**31 - 1),
        ("colours huge", 46, 2**31 - 1),
    ):
        broken = plain.copy()
        broken[offset : offset + 4] = struct.pack("<i", value)
        yield Case(f"BMP {name}", bytes(broken), "either" if name in ("data offset 0", "colours huge") else "refused")
    for depth in (0, 2, 3, 5, 17, 33, 255, 65535):
        broken = plain.copy()
        broken[28:30] = struct.pack("<H", depth)
        yield Case(f"BMP depth {depth}", bytes(broken), "either")
    for compression in (1, 2, 3, 4, 5, 6, 99):
        broken = plain.copy()
        broken[30:34] = struct.pack("<I", compression)
        yield Case(f"BMP compression {compression}", bytes(broken), "either")
    header = struct.pack("<2sIHHI", b"BM", 0, 0, 0, 1078) + struct.pack(
        "<IiiHHIIiiII", 40, 20000, 9000, 1, 8, 1, 0, 0, 0, 256, 0
    )
    yield Case("BMP RLE bomb", header + bytes(1024) + b"\0\1", "either")


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


def bases() -> dict[str, bytes]:
    return {
        "JPEG": saved(SCENE, "JPEG", quality=95, subsampling=0),
        "progressive JPEG": saved(SCENE, "JPEG", progressive=True),
        "CMYK JPEG": saved(SCENE.convert("CMYK"), "JPEG"),
        "PNG": saved(SCENE, "PNG"),
        "palette PNG": saved(SCENE.quantize(16), "PNG"),
        "16-bit PNG": png(WIDTH, HEIGHT, 16, 2, packed(16, 3)),
        "BMP": saved(SCENE, "BMP"),
        "lossy WEBP": saved(SCENE, "WEBP"),
        "lossless WEBP": saved(SCENE, "WEBP", lossless=True),
        "animated WEBP": saved(SCENE, "WEBP", save_all=True, append_images=[Image.new("RGB", SCENE.size)]),
        "APNG": saved(SCENE, "PNG", save_all=True, append_images=[Image.new("RGB", SCENE.size)]),
        "annotated PNG": saved(SCENE, "PNG", pnginfo=_annotations(), icc_profile=srgb()),
    }


def _annotations() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 500, zip=True)
    info.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta><rdf:RDF tiff:Orientation="6"/></x:xmpmeta>')
    return info


def truncations() -> Iterator[Case]:
    for name, data in bases().items():
        for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.9):
            end = max(4, int(len(data) * share))
            verdict: Literal["refused", "either"] = (
                "either" if "animated" in name or name == "APNG" or share == 0.9 else "refused"
            )
            yield Case(f"{name} cut to {share:.0%}", data[:end], verdict)


def mutations() -> Iterator[Case]:
    for name, data in bases().items():
        for seed in range(16):
            dice = random.Random(f"{name} {seed}")
            broken = bytearray(data)
            for _ in range(dice.choice((1, 3, 10, 40))):
                # Headers are where it hurts.
                place = dice.randrange(min(200, len(broken))) if dice.random() < 0.6 else dice.randrange(len(broken))
                broken[place] = dice.choice((0, 255, 127, dice.randrange(256)))
            yield Case(f"{name} damaged {seed}", bytes(broken), "either")
        for seed in range(4):
            dice = random.Random(f"cut {name} {seed}")
            place = dice.randrange(len(data))
            yield Case(f"{name} with a hole {seed}", data[:place] + data[place + dice.randrange(1, 50) :], "either")


GROUPS: dict[str, Callable[[], Iterator[Case]]] = {
    "orientations": orientations,
    "PNG kinds": png_kinds,
    "CMYK and profiles": cmyk,
    "animations": animations,
    "bitmaps": bitmaps,
    "bombs": bombs,
    "impostors": impostors,
    "truncations": truncations,
    "mutations": mutations,
}


def cases() -> Iterator[tuple[str, Case]]:
    """Every case with the name of its group."""
    for group, make in GROUPS.items():
        for case in make():
            yield group, case
