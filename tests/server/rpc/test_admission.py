"""Clock, key, signature, nonce, permission, in this order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from koutu.errors import (
    AccessKeyInactive,
    AccessKeyNotFound,
    InvalidParameter,
    SecurityTokenExpired,
    SecurityTokenMismatch,
    SecurityTokenMissing,
    SignatureDoesNotMatch,
    SignatureNonceUsed,
    TimestampExpired,
    Unauthorized,
)
from koutu.server.accounts.credentials import Credential
from koutu.server.accounts.permission import Permission
from koutu.server.rpc.admission import Admission, Caller, Permit
from koutu.server.rpc.nonces import MemoryNonces
from koutu.server.rpc.request import RpcRequest

pytestmark = pytest.mark.anyio

_NOW = 1_800_000_000.0
Sign = Callable[..., dict[str, str]]


def _spell(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _request(params: dict[str, str]) -> RpcRequest:
    return RpcRequest("R", "GET", "h", "http://h", {}, params, {}, b"")


def _credential(key_id: str, account_id: int = 7, **changes: Any) -> Credential:
    everything = Permission.of("*")
    lasting = Credential(key_id, "secret", key_id, account_id, True, None, False, everything, (everything,), None)
    return replace(lasting, **changes)


async def _permit_all(credential: Credential, action: str) -> None:
    pass


class _World:
    """An admission whose clock and keys a test sets."""

    def __init__(self, sign: Sign) -> None:
        self.now = _NOW
        self.keys = {"id": _credential("id")}
        self.sign = sign
        self.admission = self.admit_by(_permit_all)

    def admit_by(self, permit: Permit) -> Admission:
        return Admission(
            self._find, MemoryNonces(lambda: self.now), permit, lambda key_id, token: token == f"{key_id}-token", self.clock
        )

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    async def _find(self, access_key_id: str) -> Credential | None:
        return self.keys.get(access_key_id)

    async def admit(self, key_id: str = "id", secret: str = "secret", **params: str) -> Caller:
        params = {"Action": "SegmentBody", "Timestamp": _spell(self.now), **params}
        return await self.admission.admit(_request(self.sign("GET", params, key_id, secret)))


@pytest.fixture
def world(sign_rpc: Sign) -> _World:
    return _World(sign_rpc)


async def test_admits_who_signs_right(world: _World) -> None:
    assert await world.admit() == Caller(7, "id")


@pytest.mark.parametrize("off", [-901, 901, -86400])
async def test_refuses_a_clock_that_is_off(world: _World, off: int) -> None:
    with pytest.raises(TimestampExpired, match="15 minutes"):
        await world.admit(Timestamp=_spell(_NOW + off))


@pytest.mark.parametrize("off", [-900, 900])
async def test_takes_a_clock_that_is_15_minutes_off(world: _World, off: int) -> None:
    await world.admit(Timestamp=_spell(_NOW + off))


@pytest.mark.parametrize(
    "text", ["now", "2027-01-15T08:00:00", "2027-01-15T08:00:00+00:00", "2027-13-15T08:00:00Z", "1800000000"]
)
async def test_refuses_another_spelling_of_time(world: _World, text: str) -> None:
    with pytest.raises(InvalidParameter, match="YYYY-MM-DDThh:mm:ssZ"):
        await world.admit(Timestamp=text)


async def test_refuses_an_unknown_key(world: _World) -> None:
    with pytest.raises(AccessKeyNotFound, match="nobody"):
        await world.admit(key_id="nobody")


async def test_refuses_a_disabled_key(world: _World) -> None:
    world.keys["id"] = _credential("id", active=False)
    with pytest.raises(AccessKeyInactive):
        await world.admit()


async def test_says_what_it_signed(world: _World) -> None:
    with pytest.raises(SignatureDoesNotMatch) as caught:
        await world.admit(secret="wrong")
    before, _, text = caught.value.message.partition(":")
    assert before.endswith("server string to sign is")
    assert text.startswith("GET&%2F&AccessKeyId%3Did%26Action%3DSegmentBody")
    assert "secret" not in text


async def test_takes_a_nonce_once_for_as_long_as_its_request_could_be_replayed(world: _World) -> None:
    ahead = _spell(_NOW + 800)
    await world.admit(SignatureNonce="n", Timestamp=ahead)
    for later in (0.0, 890.0, 1600.0):
        world.now = _NOW + later
        with pytest.raises(SignatureNonceUsed):
            await world.admit(SignatureNonce="n", Timestamp=ahead)
    world.now = _NOW + 1701
    with pytest.raises(TimestampExpired):
        await world.admit(SignatureNonce="n", Timestamp=ahead)


async def test_takes_a_nonce_again_after_15_minutes(world: _World) -> None:
    await world.admit(SignatureNonce="n")
    world.now += 902
    await world.admit(SignatureNonce="n")


async def test_a_nonce_belongs_to_its_key(world: _World) -> None:
    world.keys["other"] = _credential("other", 8)
    await world.admit(SignatureNonce="n")
    await world.admit(key_id="other", SignatureNonce="n")


async def test_a_stranger_cannot_use_up_a_nonce(world: _World) -> None:
    with pytest.raises(SignatureDoesNotMatch):
        await world.admit(secret="wrong", SignatureNonce="n")
    await world.admit(SignatureNonce="n")


async def test_asks_for_permission_last(world: _World) -> None:
    asked: list[Any] = []

    async def permit(credential: Credential, action: str) -> None:
        asked.append((credential, action))
        raise Unauthorized

    world.admission = world.admit_by(permit)
    with pytest.raises(Unauthorized):
        await world.admit()
    assert asked == [(world.keys["id"], "SegmentBody")]


async def test_memory_forgets_what_is_over() -> None:
    now = 0.0
    nonces = MemoryNonces(lambda: now)
    for number in range(100):
        assert await nonces.first("id", str(number), 10 + number % 3)
    now = 20.0
    assert await nonces.first("id", "last", 10)
    assert len(nonces._known) == 1


async def test_an_expired_key_is_inactive(world: _World) -> None:
    world.keys["id"] = _credential("id", expires_at=world.clock() + timedelta(seconds=1))
    await world.admit()
    world.now += 1
    with pytest.raises(AccessKeyInactive, match="expired"):
        await world.admit()


async def test_a_temporary_key_needs_its_own_token_and_calls_for_its_parent(world: _World) -> None:
    end = world.clock() + timedelta(seconds=1)
    world.keys["STS.id"] = _credential("STS.id", lasting_key_id="id", temporary=True, expires_at=end)
    assert await world.admit("STS.id", SecurityToken="STS.id-token") == Caller(7, "id", temporary=True)
    with pytest.raises(SecurityTokenMissing):
        await world.admit("STS.id")
    with pytest.raises(SecurityTokenMismatch):
        await world.admit("STS.id", SecurityToken="id-token")
    with pytest.raises(SecurityTokenMismatch):
        await world.admit("id", SecurityToken="id-token")
    world.now += 1
    with pytest.raises(SecurityTokenExpired):
        await world.admit("STS.id", SecurityToken="STS.id-token")
