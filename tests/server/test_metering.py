"""Every answered call has its ledger line, also when the server dies under load."""

import threading
from typing import Any

import pytest

from koutu.server.accounts.database import open_database
from koutu.server.accounts.ledger import Ledger
from koutu.settings import Settings

_CALLERS = 4


def test_kill_9_under_load_loses_no_line(program: Any, photo_server: Any) -> None:
    program.start()
    key = program.create_key()
    answered: list[str] = []
    enough = threading.Event()

    def call_on() -> None:
        while True:
            try:
                answered.append(program.call(key, "SegmentCommonImage", ImageURL=photo_server.at())["RequestId"])
            except OSError:
                return
            if len(answered) >= 2 * _CALLERS:
                enough.set()

    callers = [threading.Thread(target=call_on) for _ in range(_CALLERS)]
    for caller in callers:
        caller.start()
    assert enough.wait(200)
    program.kill()
    for caller in callers:
        caller.join(30)
    database = open_database(Settings(data=program.folder))
    metered = [entry.request_id for entry in Ledger(database).entries()]
    database.close()
    assert len(set(metered)) == len(metered)
    assert set(answered) <= set(metered)
    # At the kill each caller had one call at most between its line and its answer.
    assert len(metered) <= len(answered) + _CALLERS
    stored = {path.name.rpartition("-")[0].upper() for path in (program.folder / "objects" / "results").rglob("*.png")}
    assert set(metered) <= stored


@pytest.mark.parametrize("failing", [True, False])
def test_failed_calls_are_never_metered(wire: Any, photo_server: Any, engine: Any, failing: bool) -> None:
    from koutu.errors import Unsuitable

    engine.error = Unsuitable("nothing there") if failing else None
    for _ in range(3):
        wire.call("SegmentBody", ImageURL=photo_server.at())
    assert len(wire.entries()) == (0 if failing else 3)
