"""Where the peers, and what draws the plots, are installed: environments of their own under build/peers, made on first use."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from koutu.models import catalog, store

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "peers"
REMBG = "rembg[cpu,cli]==2.0.86"
MATPLOTLIB = "matplotlib==3.10.7"
IMGLY = "1.4.5"
# The package asks for an older sharp, whose installation fetches a binary from outside the registry.
_PACKAGE = {
    "private": True,
    "dependencies": {"@imgly/background-removal-node": IMGLY},
    "overrides": {"sharp": "0.33.5"},
}


def rembg_python() -> Path:
    """The interpreter of an environment with rembg."""
    return _python("rembg", REMBG)


def plotting_python() -> Path:
    """The interpreter of an environment with matplotlib."""
    return _python("plots", MATPLOTLIB)


def _python(name: str, requirement: str) -> Path:
    python = FOLDER / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement], check=True)
    return python


def rembg_environment() -> dict[str, str]:
    """What makes rembg take the same ISNet weights as Koutu, from a file, and fetch nothing."""
    folder = FOLDER / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "isnet-general-use.onnx"
    if not weights.exists():
        shutil.copy(store().weights(catalog()["isnet"]), weights)
    return os.environ | {"U2NET_HOME": str(folder), "MODEL_CHECKSUM_DISABLED": "1"}


def imgly_folder() -> Path:
    """A folder with @imgly/background-removal-node installed."""
    folder = FOLDER / "imgly"
    if not (folder / "node_modules" / "@imgly" / "background-removal-node").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps(_PACKAGE))
        subprocess.run(["npm", "install", "--silent", "--ignore-scripts"], cwd=folder, check=True)
    return folder
