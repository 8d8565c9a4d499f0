"""The application on a real port of this process, for tests that need the engine or the clock in their hands."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from koutu.server.app import create_app
from koutu.server.clock import Clock, utc_now
from koutu.settings import Settings


@contextmanager
def in_process(settings: Settings, clock: Clock = utc_now, tls: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Serve on 127.0.0.1; gives host and port. DBOS allows one application in a process at a time."""
    certificate, key = tls or (None, None)
    config = uvicorn.Config(
        create_app(settings, clock),
        host="127.0.0.1",
        port=0,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        lifespan="on",
        log_config=None,
        ws="none",
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            deadline = time.monotonic() + 60
            while not server.started:
                assert thread.is_alive()
                assert time.monotonic() < deadline
                time.sleep(0.01)
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)
