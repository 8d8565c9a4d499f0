"""What the server's tests share: settings in a temporary folder, an engine that answers at once, a signing client."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from fake_engine import FakeEngine
from photo_server import Photos, photos_served
from program import Program
from signing_client import Wire, opened, signed_headers, signed_params
from stores import empty_database, postgresql_server, redis_server

from koutu import library
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database, open_database
from koutu.server.accounts.keys import Keys
from koutu.server.accounts.ledger import Ledger
from koutu.server.accounts.secrets import Secrets, open_secrets
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


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    engine = FakeEngine()
    monkeypatch.setattr(library, "run", engine.run)
    monkeypatch.setattr(library, "available", engine.available)
    monkeypatch.setattr(library, "warm_up", lambda: None)
    return engine


@pytest.fixture
def open_wire(running: None, engine: FakeEngine) -> Callable[[Settings], Any]:
    """Opens an application of its own. DBOS allows one in a process, so the shared one has to be shut: see `running`."""
    return opened


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
            self._wire = self._stack.enter_context(opened(settings))
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


@pytest.fixture
def photo_server() -> Iterator[Photos]:
    with photos_served() as photos:
        yield photos


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
    with postgresql_server() as url:
        yield url


@pytest.fixture
def new_postgresql(postgresql: str) -> Iterator[str]:
    """The URL of a new, empty database."""
    with empty_database(postgresql) as url:
        yield url


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path) as url:
        yield url


@pytest.fixture
def sign_rpc() -> Callable[..., dict[str, str]]:
    return signed_params


@pytest.fixture
def sign_acs3() -> Callable[..., dict[str, str]]:
    return signed_headers
