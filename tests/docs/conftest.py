"""A server, photos and installed clients for the blocks of the documentation."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from scripts.docs import action_pages

from koutu.contract import ACTIONS
from tests.docs.blocks import ROOT
from tests.docs.session import Session

SAMPLES = ROOT / "src" / "koutu" / "samples"


@dataclass(frozen=True)
class Server:
    """A running server, the key that the environment of a block holds, and its folder."""

    address: str
    key_id: str
    key_secret: str
    folder: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    koutu = str(Path(sys.executable).with_name("koutu"))
    made = subprocess.run(
        [koutu, "keys", "create", "--json", "--data", str(folder)], capture_output=True, text=True, check=True
    )
    key = json.loads(made.stdout)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [koutu, "serve", "--port", "0", "--data", str(folder)], stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout
    line = process.stdout.readline()
    assert "http://" in line, (folder / "log").read_text()
    _wait_until_ready(line.strip().rpartition(" ")[2])
    yield Server(line.strip().rpartition("http://")[2], key["access_key_id"], key["access_key_secret"], folder)
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


def _wait_until_ready(address: str) -> None:
    """Models warm up after the start; clients with timeouts of their own should not meet that."""
    deadline = time.monotonic() + 280
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/readyz", timeout=20):
            return
        time.sleep(0.5)
    raise AssertionError("the server does not get ready")


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The official client for Node, installed as the conformance tests install it."""
    path = ROOT / "tests" / "conformance" / "install.py"
    spec = spec_from_file_location("conformance_install_for_docs", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    folder: Path = module.install(module.clients()["node-2-0-5"])
    return folder / "node_modules"


@pytest.fixture
def open_session(server: Server, tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Opens the session of a page."""
    opened: list[Session] = []

    def get(page: str, modules: Path | None = None) -> Session:
        folder = tmp_path / re.sub(r"\W", "-", page)
        _fill(folder, page)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KOUTU_") or name == "KOUTU_HOME"},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "KOUTU_DATA": str(server.folder),
            "KOUTU_KEY_ID": server.key_id,
            "KOUTU_KEY_SECRET": server.key_secret,
        }
        opened.append(Session(folder, server.address, environment, modules))
        return opened[-1]

    yield get
    for session in opened:
        session.close()


def _fill(folder: Path, page: str) -> None:
    """The photos that the examples name: photo.jpg, mask.png, sky.jpg, dusk.jpg and photos/."""
    (folder / "photos").mkdir(parents=True)
    by_page = {f"docs/{action_pages.uri(action)}": action_pages.photo_of(action) for action in ACTIONS.values()}
    sample = by_page.get(page, "matplotlib_grace_hopper.jpg")
    photo = Image.open(SAMPLES / sample).convert("RGB")
    photo.save(folder / "photo.jpg", quality=92)
    mask = Image.new("L", photo.size)
    width, height = photo.size
    ImageDraw.Draw(mask).ellipse((width // 4, height // 8, width * 3 // 4, height * 7 // 8), fill=255)
    mask.save(folder / "mask.png")
    Image.open(SAMPLES / "sklearn_china.jpg").save(folder / "sky.jpg", quality=92)
    Image.open(SAMPLES / "skimage_rocket.jpg").save(folder / "dusk.jpg", quality=92)
    for name in ("matplotlib_grace_hopper.jpg", "skimage_astronaut.png"):
        Image.open(SAMPLES / name).convert("RGB").save(folder / "photos" / f"{Path(name).stem}.jpg", quality=92)
