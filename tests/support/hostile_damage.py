"""Files that are cut or damaged."""

import random
from collections.abc import Iterator
from typing import Literal

from hostile_case import HEIGHT, SCENE, WIDTH, Case, packed, png, saved, srgb
from PIL import Image, PngImagePlugin


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
