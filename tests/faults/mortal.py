"""Runs `koutu` with plain vision and the faults that a test asks for by files in the folder that is the first argument.

`die` names a point of a call's way; whoever comes there next ends the process as a power cut would. `hungry` names a part of a
URL; a picture from there ends the process whenever it is worked on, as the system does where memory runs out. `full` makes the
object store fail for want of room as long as the file is there, `slow` holds its writes up. `clock` holds the seconds that the
machine's clock is off.
"""

import asyncio
import os
import runpy
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from koutu.server import clock

FOLDER = Path(sys.argv[1])
_seconds, _now = time.time, clock.utc_now


def off() -> float:
    try:
        return float((FOLDER / "clock").read_text() or 0)
    except FileNotFoundError:
        return 0.0


# Before anything else has taken hold of them.
time.time = lambda: _seconds() + off()
clock.utc_now = lambda: _now() + timedelta(seconds=off())

import obstore  # noqa: E402
from dbos._sys_db import SystemDatabase  # noqa: E402

from koutu import library  # noqa: E402
from koutu.server.accounts.ledger import Ledger  # noqa: E402
from koutu.server.jobs.runner import Jobs  # noqa: E402
from koutu.server.rpc import endpoint  # noqa: E402
from koutu.server.rpc.admission import Admission  # noqa: E402
from koutu.server.sources import Sources  # noqa: E402
from koutu.server.storage import Objects  # noqa: E402


def pass_by(point: str) -> None:
    wish = FOLDER / "die"
    if wish.exists() and wish.read_text() == point:
        wish.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def around(place: Any, name: str, point: str) -> None:
    """Pass by `point-before` and `point-after` of a function."""
    function: Callable[..., Any] = getattr(place, name)

    @wraps(function)
    def plain(*args: Any, **named: Any) -> Any:
        pass_by(f"{point}-before")
        result = function(*args, **named)
        pass_by(f"{point}-after")
        return result

    @wraps(function)
    async def waiting(*args: Any, **named: Any) -> Any:
        pass_by(f"{point}-before")
        result = await function(*args, **named)
        pass_by(f"{point}-after")
        return result

    setattr(place, name, waiting if asyncio.iscoroutinefunction(function) else plain)


put = obstore.put_async


async def troubled_put(store: Any, key: str, data: Any, **options: Any) -> Any:
    if (FOLDER / "full").exists():
        raise OSError(28, "No space left on device")
    while (FOLDER / "slow").exists():
        await asyncio.sleep(0.05)
    return await put(store, key, data, **options)


work = library.run


def hungry(action: Any, images: Any, params: Any, **options: Any) -> Any:
    wish = FOLDER / "hungry"
    if wish.exists() and any(wish.read_text() in str(value) for value in params.values()):
        os.kill(os.getpid(), signal.SIGKILL)
    return work(action, images, params, **options)


library.run = hungry
obstore.put_async = troubled_put
around(Admission, "admit", "admit")
around(Sources, "fetch", "fetch")
around(library, "run", "work")
around(Objects, "put", "put")
around(Ledger, "record", "ledger")
around(Jobs, "_enqueue", "enqueue")
around(endpoint, "success", "answer")
around(SystemDatabase, "update_workflow_outcome", "outcome")
runpy.run_path(str(Path(__file__).parents[1] / "coverage" / "stub_vision.py"), run_name="__main__")
