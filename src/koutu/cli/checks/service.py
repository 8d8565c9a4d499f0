"""What the server needs: its folder, its port, database, Redis, object store, and clocks that agree."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from koutu.cli.checks.finding import Finding, fail, ok, skip, warn
from koutu.cli.checks.folders import writable
from koutu.errors import KoutuError

if TYPE_CHECKING:
    from koutu.settings import Settings

_CLOCK_OFF = 60.0  # seconds; signatures allow 900
_WAIT = 5.0


def check_service(settings: "Settings") -> Iterator[Finding]:
    """Look at what `koutu serve` would use; nothing is changed."""
    yield writable("data folder", settings.data, "KOUTU_DATA")
    yield _secret(settings)
    yield _port(settings)
    yield from _database(settings)
    yield from _redis(settings)
    if settings.storage_url:
        yield _storage(settings)
    else:
        yield skip("object store", "KOUTU_STORAGE_URL is not set: results lie in the data folder")


def _secret(settings: "Settings") -> Finding:
    from koutu.server.accounts.secrets import open_secrets

    file = settings.data / "secret.key"
    if not settings.secret_key and not file.exists():
        return ok("server's secret", "made at the first start")
    try:
        open_secrets(settings)
    except (KoutuError, OSError) as error:
        cure = "Bring the old secret back: without it stored access keys cannot be opened, and new ones have to be made."
        return fail("server's secret", str(error), cure)
    return ok("server's secret", "KOUTU_SECRET_KEY" if settings.secret_key else str(file))


def _port(settings: "Settings") -> Finding:
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if _answers(settings):
                return warn("port", f"a server is running on {where} already", "Nothing, if that is yours.")
            cure = "Stop what listens there, or set KOUTU_PORT and KOUTU_HOST to others."
            return fail("port", f"{where} cannot be listened on: {error.strerror}", cure)
    return ok("port", f"{where} is free")


def _answers(settings: "Settings") -> bool:
    with suppress(OSError), socket.create_connection((settings.host, settings.port), 1) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return connection.recv(64).startswith(b"HTTP/1.")
    return False


def _database(settings: "Settings") -> Iterator[Finding]:
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    from koutu.server.accounts.database import database_url

    if not settings.database_url and not (settings.data / "koutu.db").exists():
        yield ok("database", "SQLite, made at the first start")
        return
    try:
        url = database_url(settings)
        options = {"connect_timeout": int(_WAIT)} if url.get_backend_name() == "postgresql" else {}
        engine = create_engine(url, connect_args=options)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                if url.get_backend_name() == "postgresql":
                    yield from _compared(
                        "database", float(connection.execute(text("SELECT extract(epoch FROM now())")).scalar_one())
                    )
        finally:
            engine.dispose()
    except (SQLAlchemyError, ModuleNotFoundError, KoutuError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        yield fail("database", f"it cannot be opened: {reason}", "Start it, or mend KOUTU_DATABASE_URL.")
        return
    yield ok("database", url.render_as_string())


def _redis(settings: "Settings") -> Iterator[Finding]:
    if not settings.redis_url:
        yield skip("redis", "KOUTU_REDIS_URL is not set: one server counts in its own memory")
        return
    try:
        from redis import Redis
        from redis.exceptions import RedisError
    except ModuleNotFoundError:
        yield fail("redis", "the package redis is not installed", "pip install 'koutu[cluster]'")
        return
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=_WAIT, socket_connect_timeout=_WAIT) as redis:
            seconds, micros = redis.time()
            yield from _compared("redis", float(seconds) + float(micros) / 1e6)
    except (RedisError, ValueError, OSError) as error:
        yield fail(
            "redis", f"it cannot be reached: {error}", "Start it, or mend KOUTU_REDIS_URL: without it no call is served."
        )
        return
    yield ok("redis", "answers")


def _storage(settings: "Settings") -> Finding:
    from koutu.server.storage.objects import open_objects

    async def ask() -> None:
        await asyncio.wait_for(open_objects(settings).head("koutu-doctor"), _WAIT)

    try:
        asyncio.run(ask())
    except Exception as error:  # every store has errors of its own
        says = str(error).strip().splitlines()[0] if str(error).strip() else f"no answer within {_WAIT:g} s"
        return fail("object store", says, "Mend KOUTU_STORAGE_URL and the store's credentials (docs/server.md).")
    return ok("object store", settings.storage_url.partition("?")[0])


def _compared(what: str, other: float) -> Iterator[Finding]:
    """Whether another clock agrees with this one."""
    off = time.time() - other
    if abs(off) > _CLOCK_OFF:
        cure = "Set both clocks by NTP (timedatectl set-ntp true): signed calls more than 15 minutes off are refused."
        yield fail("clock", f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} that of the {what}", cure)
