"""What is deleted, and what is not."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from koutu.server.storage import open_objects
from koutu.server.sweeper import Sweeper
from koutu.server.uploads import Uploads
from koutu.settings import Settings


@pytest.mark.anyio
async def test_results_go_some_time_after_their_links(settings: Settings) -> None:
    objects = open_objects(settings)
    forgotten: list[bool] = []

    async def forget() -> None:
        forgotten.append(True)

    sweeper = Sweeper(settings, objects, [Uploads(settings, objects, b"secret")], SimpleNamespace(forget=forget))  # type: ignore[arg-type]
    for name in ("old", "new"):
        await objects.put(f"results/2026-01-01/{name}.png", b"x")
    now = datetime.now(UTC)
    old = (now - timedelta(seconds=2401)).timestamp()
    os.utime(Path(settings.data) / "objects" / "results" / "2026-01-01" / "old.png", (old, old))
    await sweeper.sweep(now)
    assert [meta.key async for meta in objects.list("results")] == ["results/2026-01-01/new.png"]
    await sweeper.sweep(now + timedelta(hours=1))
    assert [meta.key async for meta in objects.list("results")] == []
    assert forgotten == [True, True]


@pytest.mark.anyio
async def test_a_clock_that_jumps_and_comes_back_costs_nothing(settings: Settings) -> None:
    objects = open_objects(settings)
    await objects.put("results/2026-01-01/new.png", b"x")
    seconds, off = 0.0, timedelta()
    clocks = (lambda: datetime.now(UTC) + timedelta(seconds=seconds) + off, lambda: seconds)

    async def forget() -> None:
        pass

    sweeper = Sweeper(settings, objects, [], SimpleNamespace(forget=forget), *clocks)  # type: ignore[arg-type]

    async def swept_after(step: float) -> bool:
        nonlocal seconds
        seconds += step
        await sweeper.sweep_in_time()
        return not [meta async for meta in objects.list("results")]

    assert not await swept_after(300)
    off = timedelta(hours=5)
    assert not await swept_after(300)
    assert not await swept_after(300)
    off = timedelta()
    assert not await swept_after(300)
    off = timedelta(hours=5)
    assert not await swept_after(300)
    assert await swept_after(2401)


@pytest.mark.anyio
async def test_drafts_of_a_killed_process_and_empty_folders_go(settings: Settings) -> None:
    objects = open_objects(settings)
    await objects.put("results/2026-01-02/kept.png", b"x")
    folder = Path(settings.data) / "objects"
    for name in ("results/2026-01-01/a.png#1", "results/2026-01-01/b.png#12"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"half")
    now = datetime.now(UTC)
    await objects.tidy(now - timedelta(hours=1))
    assert len(list((folder / "results" / "2026-01-01").iterdir())) == 2
    await objects.tidy(now + timedelta(hours=1))
    await objects.tidy(now + timedelta(hours=1))
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [
        "results/2026-01-02/kept.png"
    ]
    assert not (folder / "results" / "2026-01-01").exists()
    await open_objects(settings.model_copy(update={"storage_url": "memory:///"})).tidy(now)


def test_a_running_server_forgets_old_jobs_and_goes_on_after_a_failed_sweep(
    settings: Settings, photo_server: Any, open_wire: Callable[[Settings], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = Sweeper.sweep
    failed: list[bool] = []

    async def fails_first(self: Sweeper, now: datetime) -> None:
        if not failed:
            failed.append(True)
            raise OSError("not now")
        await sweep(self, now)

    monkeypatch.setattr(Sweeper, "sweep", fails_first)
    with open_wire(settings.model_copy(update={"sweep_s": 0.05, "job_keep_s": 0})) as wire:
        job_id = wire.call("SegmentHDCommonImage", ImageUrl=photo_server.at())["RequestId"]
        while "Data" in (body := wire.call("GetAsyncJobResult", JobId=job_id)):
            assert body["Data"]["Status"] in ("QUEUING", "PROCESSING", "PROCESS_SUCCESS")
    assert body["Code"] == "InvalidParameter"
    assert [entry.request_id for entry in wire.ledger.entries()] == [job_id]
