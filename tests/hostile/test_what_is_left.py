"""After hundreds of refusals, neither memory nor files nor connections have grown."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import wire
from refusals import BODIES, check, file_names

pytestmark = pytest.mark.long


def _again(watched: Any, times: int, make: Callable[[], httpx.Response]) -> None:
    for _ in range(times):
        make()


def test_nothing_is_left(watched: Any, file_host: tuple[str, dict[str, str]]) -> None:
    """Neither memory nor files nor open connections grow with refused calls, and nothing was connected to but the file host."""
    refused = [name for group, name in file_names() if group in ("truncations", "impostors")]

    def one_round() -> None:
        for name in refused[:40]:
            url = f"http://{file_host[0]}{file_host[1][name]}"
            check(watched.client.post("/?" + wire.rpc_query(watched.key, "SegmentCommonImage", ImageURL=url)))
        for data, kind in BODIES.values():
            check(watched.client.post("/", content=data, headers={"Content-Type": kind} if kind else {}))

    one_round()
    memory, descriptors = watched.megabytes(), watched.descriptors()
    for _ in range(8):
        one_round()
    assert watched.megabytes() - memory < 60
    assert watched.descriptors() - descriptors <= 5

    kept = [path for path in (watched.folder / "data" / "objects").rglob("*") if path.is_file()]
    assert len(kept) == watched.successes, kept
    host, _, port = watched.photo_host.partition(":")
    strangers = {line for line in watched.connected() if line != f"('{host}', {port})"}
    assert strangers == set()
    assert "call broke" not in watched.log()
    assert "Traceback" not in watched.log()
