"""Logos out of the openly licensed npm icon sets (both CC0-1.0), fetched through npm and drawn by resvg; none is shipped."""

from __future__ import annotations

import io
import json
import random
import subprocess
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.common.weights import cache_folder

COLOURED = "@iconify-json/logos@1.2.19"
PLAIN = "simple-icons@16.37.0"
COUNT = 400  # of each set: more only costs time at the start
SIDE = 256


@cache
def icons(reserved: frozenset[str]) -> list[NDArray[np.uint8]]:
    """uint8 RGBA icons, the longest side SIDE; those of brands in ``reserved`` (first words of names) are left out."""
    import resvg_py

    drawn = []
    for source in (_coloured(), _plain()):
        found = sorted((name, svg) for name, svg in source if brand(name) not in reserved)
        random.Random(3).shuffle(found)
        for _, svg in found[:COUNT]:
            try:
                data = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIDE, skip_system_fonts=True))
            except ValueError:
                continue
            picture = Image.open(io.BytesIO(data)).convert("RGBA")
            picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
            box = picture.getchannel("A").getbbox()
            if box is not None and min(box[2] - box[0], box[3] - box[1]) >= 16:
                drawn.append(np.array(picture.crop(box)))
    return drawn


def brand(name: str) -> str:
    """The first word of an icon's name: several icons of one brand look alike."""
    return name.split("-")[0].lower()


def _coloured() -> Iterator[tuple[str, str]]:
    with tarfile.open(_packed(COLOURED)) as archive:
        member = archive.extractfile("package/icons.json")
        assert member is not None
        table = json.load(member)
    for name, icon in table["icons"].items():
        width, height = icon.get("width", table.get("width", 256)), icon.get("height", table.get("height", 256))
        yield name, f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{icon["body"]}</svg>'


def _plain() -> Iterator[tuple[str, str]]:
    with tarfile.open(_packed(PLAIN)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.startswith("package/icons/") else None
            if file is not None:
                yield Path(member.name).stem, file.read().decode()


def _packed(requirement: str) -> Path:
    folder = cache_folder() / requirement.replace("/", "-").replace("@", "-")
    if not any(folder.glob("*.tgz")):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", requirement, "--ignore-scripts", "--silent"], cwd=folder, check=True)
    return next(folder.glob("*.tgz"))
