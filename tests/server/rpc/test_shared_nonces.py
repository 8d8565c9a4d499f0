"""Nonces that several servers share, on a real Redis."""

from pathlib import Path

import pytest

from koutu.errors import ServiceUnavailable
from koutu.server.rpc.nonces import open_nonces
from koutu.settings import Settings


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
