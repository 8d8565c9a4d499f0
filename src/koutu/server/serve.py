"""Starts the server: one process, one event loop, until it is told to stop."""

import logging
import socket
import sys
from pathlib import Path

import structlog
import uvicorn

from koutu.server.app import create_app
from koutu.settings import Settings

_GRACE_S = 10


class _Server(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            print(f"Koutu is serving on {_address(self)}", flush=True)  # noqa: T201 - the one line a caller waits for


def serve(settings: Settings, *, tls_cert: Path | None = None, tls_key: Path | None = None) -> int:
    """Serve until SIGINT or SIGTERM; the exit status."""
    _configure_log(settings.log_level)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config)
    server.run()
    return 0 if server.started else 1


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
            structlog.dev.ConsoleRenderer() if readable else structlog.processors.format_exc_info,
            *([] if readable else [structlog.processors.JSONRenderer()]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # What the libraries have to say is only of interest where something is wrong.
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
