"""Objects by key, on a folder and in memory."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from koutu.server.storage import Objects, open_objects
from koutu.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["folder", "memory:///"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    url = "" if request.param == "folder" else request.param
    return open_objects(Settings(data=tmp_path, storage_url=url))


async def test_what_goes_in_comes_out(objects: Objects) -> None:
    await objects.put("results/2026-01-01/a.png", b"0123456789")
    assert await objects.get("results/2026-01-01/a.png") == b"0123456789"
    meta = await objects.head("results/2026-01-01/a.png")
    assert meta is not None
    assert (meta.key, meta.size) == ("results/2026-01-01/a.png", 10)
    pieces = [bytes(piece) async for piece in objects.stream("results/2026-01-01/a.png", 2, 5)]
    assert b"".join(pieces) == b"234"


async def test_an_object_can_come_in_pieces(objects: Objects) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"cd"

    await objects.put("upload/x", pieces())
    assert await objects.get("upload/x") == b"abcd"


async def test_a_second_one_takes_the_place_of_the_first(objects: Objects) -> None:
    await objects.put("a", b"first")
    await objects.put("a", b"2")
    assert await objects.get("a") == b"2"


async def test_what_is_not_there(objects: Objects) -> None:
    assert await objects.get("none") is None
    assert await objects.head("none") is None
    await objects.delete(["none"])


async def test_list_and_delete(objects: Objects) -> None:
    for key in ("results/1/a", "results/2/b", "upload/c"):
        await objects.put(key, b"x")
    assert sorted([meta.key async for meta in objects.list("results")]) == ["results/1/a", "results/2/b"]
    await objects.delete(["results/1/a", "upload/c"])
    assert await objects.get("results/1/a") is None
