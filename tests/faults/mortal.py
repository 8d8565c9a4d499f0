"""Runs `koutu` with plain vision and the faults that a test asks for by files in the folder that is the first argument.

`die` names a point of a call's way; whoever comes there next ends the process as a power cut would. `full` makes the object
store fail for want of room as long as the file is there, `slow` holds its writes up.
"""

import asyncio
import os
import runpy
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import obstore

from koutu import library
from koutu.server.accounts.ledger import Ledger
from koutu.server.jobs.runner import Jobs
from koutu.server.rpc import endpoint
from koutu.server.rpc.admission import Admission
from koutu.server.sources import Sources
from koutu.server.storage import Objects

FOLDER = Path(sys.argv[1])


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


obstore.put_async = troubled_put
around(Admission, "admit", "admit")
around(Sources, "fetch", "fetch")
around(library, "run", "work")
around(Objects, "put", "put")
around(Ledger, "record", "ledger")
around(Jobs, "_enqueue", "enqueue")
around(endpoint, "success", "answer")
runpy.run_path(str(Path(__file__).parents[1] / "coverage" / "stub_vision.py"), run_name="__main__")
