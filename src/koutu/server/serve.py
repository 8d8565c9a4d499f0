"""Starts the server: one process, one event loop, until it is told to stop."""

import logging
import math
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import structlog
import uvicorn

from koutu.server.accounts.database import open_database
from koutu.server.accounts.secrets import open_secrets
from koutu.server.app import create_app
from koutu.server.ownership import own_data_folder
from koutu.server.protocol import bounded_protocol
from koutu.settings import Settings

# What the answers to calls that were cut short take.
_LAST_ANSWERS_S = 2.0


class _Server(uvicorn.Server):
    """Says where it listens, once it does."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None], drain: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._drain = drain

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._drain()
        await super().shutdown(sockets=sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready(_address(self))


def check_installation(settings: Settings) -> None:
    """Bring the database to its newest schema and read the secret, so that what is wrong with them is said at once.

    Raises:
        EnvironmentFault: one of them cannot be used.
    """
    open_database(settings).close()
    open_secrets(settings)


def serve(
    settings: Settings, ready: Callable[[str], None], *, tls_cert: Path | None = None, tls_key: Path | None = None
) -> int:
    """Serve until SIGINT or SIGTERM; the exit status.

    Args:
        settings: host, port, log_level and what the application reads.
        ready: is called with the address (scheme, host and port) once the server takes calls.
        tls_cert: certificate (PEM) to serve https with, or None for http.
        tls_key: the certificate's key (PEM).

    Raises:
        EnvironmentFault: another server uses the data folder.
    """
    _configure_log(settings.log_level)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        http=bounded_protocol(settings.header_timeout_s),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(settings.drain_s + _LAST_ANSWERS_S),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn ends in good order and then raises the signal once more; the default would make that a death by signal.
        signal.signal(number, _leave)
    server = _Server(config, ready, lambda: app.state.rooms.drain())
    # It leaves by SystemExit where it cannot listen, and by the signal that `_leave` answers.
    with own_data_folder(settings), suppress(SystemExit):
        server.run()
    return 0 if server.started else 1


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _address(server: uvicorn.Server) -> str:
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    scheme = "https" if server.config.is_ssl else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _configure_log(level: str) -> None:
    number = logging.getLevelNamesMapping()[level.upper()]
    readable = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if readable
            else structlog.processors.format_exc_info,
            *([] if readable else [structlog.processors.JSONRenderer()]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # What the libraries have to say is only of interest where something is wrong.
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
