"""The store of installed models: install, verify, list.

A model's folder under `KOUTU_HOME/models` appears by one rename once its file is fetched, verified and converted: a killed
install leaves only a folder under `KOUTU_HOME/partial`, from whose downloads the next one goes on.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from koutu.errors import EnvironmentFault, ModelFault, ModelMissing
from koutu.models.catalog import Entry
from koutu.models.fetch import Progress, fetch

_CONVERTED = "network.xml"
_CONVERTED_SUMS = "network.sha256"
_CONVERTED_FROM_BYTES = 20_000_000


class Store:
    """The models under one folder.

    Args:
        home: the folder (`KOUTU_HOME`).
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def folder(self, entry: Entry) -> Path:
        """Where a fetched model lies once it is installed; the checksum in its name keeps versions apart."""
        return self._home / "models" / f"{entry.name}-{entry.sha256[:12]}"

    def weights(self, entry: Entry) -> Path:
        """The model's original file, whether it exists or not."""
        if entry.source.kind == "bundled":
            with as_file(files("koutu.models").joinpath("weights", entry.file)) as path:
                return path
        return self.folder(entry) / entry.file

    def network(self, entry: Entry) -> Path:
        """The file that the runtime loads, its checksum verified: a damaged one would load and give wrong pictures.

        Raises:
            ModelMissing: the model is not installed.
            ModelFault: its file is damaged.
        """
        if not self.installed(entry):
            raise ModelMissing(entry.name)
        sums = self.folder(entry) / _CONVERTED_SUMS
        converted = self.folder(entry) / _CONVERTED
        try:
            if not sums.exists():
                file, sound = self.weights(entry), sha256(self.weights(entry)) == entry.sha256
            else:
                file, sound = converted, sums.read_text() == _sums(self.folder(entry))
        except OSError as error:
            raise ModelFault(f"The model {entry.name} cannot be read: {error.strerror}.") from error
        if not sound:
            cure = f"delete {self.folder(entry)} and run koutu models install {entry.name}"
            raise ModelFault(f"The model {entry.name} is damaged on disk: {cure}.")
        return file

    def installed(self, entry: Entry) -> bool:
        """Whether the model is there; what is installed was verified then."""
        return self.weights(entry).exists()

    def verify(self, entry: Entry) -> bool:
        """Read the model's files again and compare their checksums."""
        if not self.installed(entry) or sha256(self.weights(entry)) != entry.sha256:
            return False
        sums = self.folder(entry) / _CONVERTED_SUMS
        return not sums.exists() or sums.read_text() == _sums(self.folder(entry))

    def install(self, entry: Entry, progress: Progress, folder: Path | None = None) -> None:
        """Install a model unless it is there; several processes may try at once.

        Args:
            entry: the model.
            progress: called with what is done now, and bytes done and in all.
            folder: take the file from here (by its name) instead of from its package.

        Raises:
            ModelFault: the file has a wrong checksum, or is missing from the folder or from this package.
            EnvironmentFault: the package client failed.
        """
        if self.installed(entry):
            return
        if entry.source.kind == "bundled":
            raise ModelFault(f"The file {entry.file} is missing from this installation of koutu: install it again.")
        partial = self._home / "partial" / self.folder(entry).name
        partial.mkdir(parents=True, exist_ok=True)
        with _locked(partial.with_suffix(".lock")):
            if self.installed(entry):
                return
            partial.mkdir(parents=True, exist_ok=True)
            file = _from_folder(entry, folder, partial) if folder is not None else fetch(entry, partial, progress)
            if sha256(file) != entry.sha256:
                shutil.rmtree(partial)
                raise ModelFault(f"{entry.file} has a wrong checksum and was thrown away; expected sha256 {entry.sha256}.")
            ready = partial / "ready"
            shutil.rmtree(ready, ignore_errors=True)
            ready.mkdir()
            file.rename(ready / entry.file)
            if entry.size >= _CONVERTED_FROM_BYTES:
                progress(f"converting {entry.name}", 0, 0)
                _convert(ready / entry.file, entry, ready)
            _flush(ready)
            self.folder(entry).parent.mkdir(parents=True, exist_ok=True)
            ready.rename(self.folder(entry))
            shutil.rmtree(partial)


def sha256(file: Path) -> str:
    """Hex digest of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sums(folder: Path) -> str:
    return "\n".join(f"{sha256(folder / name)}  {name}" for name in (_CONVERTED, Path(_CONVERTED).with_suffix(".bin").name))


def _convert(file: Path, entry: Entry, folder: Path) -> None:
    """Write the network as IR, which loads many times faster than a large ONNX file."""
    import openvino

    from koutu.models.sessions.openvino import read_network

    try:
        network = read_network(file, entry.inputs, entry.outputs, entry.constants)
        openvino.save_model(network, folder / _CONVERTED, compress_to_fp16=True)
    except RuntimeError as error:
        raise ModelFault(f"{entry.file} could not be converted.") from error
    (folder / _CONVERTED_SUMS).write_text(_sums(folder))


def _from_folder(entry: Entry, folder: Path, partial: Path) -> Path:
    source = folder / entry.file
    if not source.is_file():
        raise ModelFault(f"{folder} holds no {entry.file}.")
    return Path(shutil.copy(source, partial / entry.file))


def _flush(folder: Path) -> None:
    """Have the files on disk before the rename that makes them count."""
    for file in folder.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError as error:
        raise EnvironmentFault("Installing models needs a POSIX system.") from error
    with file.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
