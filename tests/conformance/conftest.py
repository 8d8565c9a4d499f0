"""A live server, the official clients in processes of their own, and the table of what they got."""

import json
import os
import ssl
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image, ImageDraw

from koutu.contract import ACTIONS

HERE = Path(__file__).parent
PHOTOS = HERE.parents[1] / "src" / "koutu" / "samples"
SMALL = 480
# What shows an action its subject; the first file is the photo, what follows are the other images it takes.
SUBJECTS = {
    "SegmentAnimal": "skimage_chelsea.png",
    "SegmentCommodity": "skimage_coffee.png",
    "SegmentCommonImage": "skimage_chelsea.png",
    "SegmentFood": "skimage_coffee.png",
    "SegmentFurniture": "skimage_coffee.png",
    "SegmentHDCommonImage": "skimage_chelsea.png",
    "SegmentHDSky": "skimage_rocket.jpg",
    "SegmentLogo": "logo.jpg",
    "SegmentScene": "skimage_rocket.jpg",
    "SegmentSky": "skimage_rocket.jpg",
    "ChangeSky": "skimage_rocket.jpg",
    "SegmentVehicle": "skimage_motorcycle_left.png",
}
TABLE = pytest.StashKey[dict[tuple[str, str], str]]()


def _load_installer() -> ModuleType:
    spec = spec_from_file_location("conformance_install", HERE / "install.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


INSTALLER = _load_installer()


@dataclass(frozen=True)
class Server:
    """A running server, a key to it, and its folder."""

    base: str
    key: dict[str, str]
    folder: Path

    @property
    def setup(self) -> dict[str, Any]:
        scheme, _, endpoint = self.base.partition("://")
        return {"endpoint": endpoint, "protocol": scheme, **self.key}


class Driver:
    """An official client in a process of its own, asked a line at a time."""

    def __init__(self, client: Any, server: Server, certificate: Path | None, config: dict[str, str] | None = None) -> None:
        self.client = client
        command, folder = INSTALLER.client_command(client)
        environment = {**os.environ, **({"NODE_EXTRA_CA_CERTS": str(certificate)} if certificate else {})}
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.calls: dict[str, list[str]] = self._exchange({**server.setup, "config": config or {}})

    def call(self, action: str, mode: str, params: dict[str, Any], files: tuple[str, ...] = ()) -> dict[str, Any]:
        """The body that the client got, or what it raised: `{"body": ...}` or `{"error": {"code", "message"}}`."""
        return self._exchange({"action": action, "mode": mode, "params": params, "files": files})

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def _exchange(self, document: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(document) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the client's process ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def installer() -> ModuleType:
    """The module that installs the clients."""
    return INSTALLER


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small copies of the photos, a rough mask, and a logo."""
    folder = tmp_path_factory.mktemp("photos")
    for path in sorted(path for path in PHOTOS.iterdir() if path.suffix in (".png", ".jpg")):
        with Image.open(path) as photo:
            small = photo.convert("RGB")
            small.thumbnail((SMALL, SMALL))
            small.save(folder / f"{path.stem}.jpg", quality=90)
    with Image.open(folder / "skimage_astronaut.jpg") as photo:
        mask = Image.new("L", photo.size)
    ImageDraw.Draw(mask).ellipse((mask.width // 5, 10, mask.width * 4 // 5, mask.height - 10), fill=255)
    mask.save(folder / "mask.png")
    logo = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(logo)
    draw.ellipse((130, 60, 270, 200), fill=(20, 60, 160))
    draw.polygon([(200, 80), (245, 170), (155, 170)], fill=(250, 200, 40))
    draw.text((150, 215), "KOUTU", fill=(20, 60, 160), font_size=32)
    logo.save(folder / "logo.jpg", quality=92)
    return folder


@pytest.fixture(scope="session")
def photo_host(photos: Path) -> Iterator[str]:
    """Where the photos are served from."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(photos)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, photo_host: str) -> Iterator[Callable[..., Server]]:
    """Starts servers; they end with the test run."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str, **settings: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        environment = {**os.environ, "KOUTU_FETCH_ALLOW_HOSTS": photo_host, **settings}
        koutu = [str(Path(sys.executable).with_name("koutu"))]
        made = subprocess.run(
            [*koutu, "keys", "create", "--json", "--data", str(folder)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        command = [*koutu, "serve", "--port", "0", "--data", str(folder), *options]
        log = (folder / "log").open("w")
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        running.append(process)
        assert process.stdout
        line = process.stdout.readline()
        assert "http" in line, (folder / "log").read_text()
        return Server("http" + line.strip().rpartition("http")[2], json.loads(made.stdout), folder)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=30)
        assert process.stdout
        process.stdout.close()


@pytest.fixture(scope="session")
def plain(serve: Callable[..., Server]) -> Server:
    return serve()


@pytest.fixture(scope="session")
def bearer_token(plain: Server) -> str:
    """The token of the plain server's key."""
    koutu = str(Path(sys.executable).with_name("koutu"))
    command = [koutu, "keys", "token", plain.key["access_key_id"], "--data", str(plain.folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="session")
def temporary(plain: Server) -> dict[str, str]:
    """A temporary key of the plain server's key, as an SDK's configuration takes it."""
    koutu = str(Path(sys.executable).with_name("koutu"))
    command = [koutu, "keys", "assume", plain.key["access_key_id"], "--json", "--data", str(plain.folder)]
    key: dict[str, str] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    del key["expires_at"]
    return key


@pytest.fixture(scope="session")
def secure(serve: Callable[..., Server]) -> Server:
    return serve("--tls-self-signed")


@pytest.fixture(scope="session")
def driver(plain: Server, secure: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Driver]]:
    """Clients by name, talking http or https."""
    open_drivers: dict[tuple[str, str], Driver] = {}

    def get(name: str, scheme: str = "http") -> Driver:
        if (name, scheme) not in open_drivers:
            server = secure if scheme == "https" else plain
            certificate = None
            if scheme == "https":
                host, _, port = server.setup["endpoint"].rpartition(":")
                certificate = tmp_path_factory.mktemp("tls") / "certificate.pem"
                certificate.write_text(ssl.get_server_certificate((host, int(port))), encoding="ascii")
            open_drivers[name, scheme] = Driver(INSTALLER.clients()[name], server, certificate)
        return open_drivers[name, scheme]

    yield get
    for opened in open_drivers.values():
        opened.close()


@pytest.fixture(scope="session")
def image_params() -> Callable[[str], dict[str, str]]:
    """Action -> image parameter -> file name of a photo that shows the action its subject."""

    def get(action: str) -> dict[str, str]:
        subject = Path(SUBJECTS.get(action, "skimage_astronaut.png")).stem + ".jpg"
        if action == "RefineMask":
            return {"ImageURL": subject, "MaskImageURL": "mask.png"}
        return {image.name: subject for image in ACTIONS[action].images}

    return get


@pytest.fixture(scope="session")
def download() -> Callable[[str], bytes]:
    """Fetches what a result link leads to."""
    # The test server's certificate is its own.
    context = ssl._create_unverified_context()

    def get(url: str) -> bytes:
        with urllib.request.urlopen(url, context=context, timeout=20) as response:
            assert response.headers["Content-Type"] == "image/png"
            data: bytes = response.read()
            return data

    return get


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> dict[tuple[str, str], str]:
    """(action, client) -> marks."""
    return request.config.stash.setdefault(TABLE, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    marks = config.stash.get(TABLE, {})
    if not marks:
        return
    clients = [name for name in INSTALLER.clients() if any(client == name for _, client in marks)]
    titles = {name: INSTALLER.clients()[name].title for name in clients}
    write = terminalreporter.write_line
    terminalreporter.section("action x client")
    write("T typed call, G generic call, A *_advance over http, S *_advance over https, X XML;")
    write("in lower case: answered that the photo does not show what the action looks for; ! failed, - not in service")
    write(" " * 22 + "".join(f"{titles[name]:>14}" for name in clients))
    for action in ACTIONS:
        write(f"{action:22}" + "".join(f"{marks.get((action, name), ''):>14}" for name in clients))
