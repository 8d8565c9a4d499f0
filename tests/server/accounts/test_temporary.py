"""Temporary keys: issued, narrowed, expired, revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from koutu.errors import AccessKeyInactive, AccessKeyNotFound, InvalidParameter
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database
from koutu.server.accounts.keys import Keys
from koutu.server.accounts.permission import Permission
from koutu.server.accounts.secrets import Secrets
from koutu.server.accounts.temporary import TemporaryKeys


class _World:
    def __init__(self, database: Database, secrets: Secrets) -> None:
        self.now = datetime(2027, 1, 1, tzinfo=UTC)
        self.keys = Keys(database, secrets, lambda: self.now)
        self.temporary = TemporaryKeys(database, secrets, lambda: self.now)
        self.credentials = Credentials(database, secrets)
        self.parent = self.keys.create(permission=Permission.of(["portrait"])).access_key_id


@pytest.fixture
def world(database: Database, secrets: Secrets) -> _World:
    return _World(database, secrets)


def test_a_temporary_key_is_its_parents_narrowed(world: _World) -> None:
    key = world.temporary.issue(world.parent, session="test", permission=Permission.of(["SegmentBody", "SegmentFood"]))
    found = world.credentials.find(key.access_key_id)
    assert found is not None
    assert (found.access_key_secret, found.lasting_key_id, found.temporary) == (key.access_key_secret, world.parent, True)
    assert found.expires_at == key.expires_at == world.now + timedelta(hours=1)
    allowed = {name for name in ("SegmentBody", "SegmentHead", "SegmentFood") if all(p.allows(name) for p in found.permitted)}
    assert allowed == {"SegmentBody"}


def test_the_token_holds_for_its_own_key_alone(world: _World) -> None:
    first, second = (world.temporary.issue(world.parent, session="test") for _ in range(2))
    assert world.credentials.token_holds(first.access_key_id, first.security_token)
    assert not world.credentials.token_holds(first.access_key_id, second.security_token)
    assert not world.credentials.token_holds(first.access_key_id, "\N{SNOWMAN}")


def test_it_ends_with_its_parent_at_the_latest(world: _World) -> None:
    end = world.now + timedelta(minutes=20)
    world.keys.expire(world.parent, end)
    key = world.temporary.issue(world.parent, session="test")
    found = world.credentials.find(key.access_key_id)
    assert found is not None
    assert found.expires_at == end


def test_revoking_one_or_all_of_a_parent_and_disabling_the_parent(world: _World) -> None:
    first, second, third = (world.temporary.issue(world.parent, session="test").access_key_id for _ in range(3))

    def active(key_id: str) -> bool:
        found = world.credentials.find(key_id)
        assert found is not None
        return found.active

    world.temporary.revoke(first)
    assert [active(key_id) for key_id in (first, second, third)] == [False, True, True]
    assert world.temporary.revoke_all(world.parent) == 2
    assert not active(second)
    fourth = world.temporary.issue(world.parent, session="test").access_key_id
    world.keys.disable(world.parent)
    assert not active(fourth)
    with pytest.raises(AccessKeyInactive):
        world.temporary.issue(world.parent, session="test")


def test_what_expired_is_listed_no_more_and_later_forgotten(world: _World) -> None:
    old = world.temporary.issue(world.parent, session="old").access_key_id
    world.now += timedelta(hours=2)
    assert world.temporary.all() == []
    assert world.credentials.find(old) is not None
    world.now += timedelta(days=1)
    new = world.temporary.issue(world.parent, session="new").access_key_id
    assert [info.access_key_id for info in world.temporary.all("default")] == [new]
    assert world.credentials.find(old) is None


def test_bad_orders_are_refused(world: _World) -> None:
    for session, seconds in (("x", 900), ("a b", 900), ("test", 899), ("test", 43_201)):
        with pytest.raises(InvalidParameter):
            world.temporary.issue(world.parent, session=session, seconds=seconds)
    temporary = world.temporary.issue(world.parent, session="test").access_key_id
    for parent in ("nobody", temporary):
        with pytest.raises(AccessKeyNotFound):
            world.temporary.issue(parent, session="test")
    with pytest.raises(AccessKeyNotFound):
        world.temporary.revoke(world.parent)
