"""Pictures of every kind that a format allows: turns, depths, palettes, profiles, frames."""

import random
import struct
from collections.abc import Iterator

import numpy as np
from hostile_case import HEIGHT, SCENE, WIDTH, Case, chunk, packed, png, saved, srgb
from PIL import Image


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
