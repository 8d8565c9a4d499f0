"""Access keys in the database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from koutu.errors import AccessKeyNotFound, InvalidParameter
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database, open_database
from koutu.server.accounts.keys import Keys
from koutu.server.accounts.permission import Permission
from koutu.server.accounts.secrets import Secrets, open_secrets
from koutu.settings import Settings


def test_a_key_is_found_with_its_secret(keys: Keys, credentials: Credentials) -> None:
    key = keys.create(note="first")
    found = credentials.find(key.access_key_id)
    assert found is not None
    assert (found.access_key_secret, found.active) == (key.access_key_secret, True)
    assert credentials.find("nobody") is None


def test_keys_of_one_account_share_it(keys: Keys, credentials: Credentials) -> None:
    ids = [keys.create(account=name).access_key_id for name in ("a", "a", "b")]
    accounts = [found.account_id for key_id in ids if (found := credentials.find(key_id))]
    assert accounts[0] == accounts[1] != accounts[2]
    assert [(info.access_key_id, info.account) for info in keys.all()] == list(zip(ids, ["a", "a", "b"], strict=True))


def test_an_existing_pair_can_be_brought_along(keys: Keys) -> None:
    key = keys.create(access_key_id="LTAI5tOld", access_key_secret="old-secret")
    assert (key.access_key_id, key.access_key_secret) == ("LTAI5tOld", "old-secret")
    with pytest.raises(InvalidParameter, match="taken"):
        keys.create(access_key_id="LTAI5tOld")


@pytest.mark.parametrize(("key_id", "secret"), [("a b", None), ("x" * 65, None), ("中中中", None), ("good", "short")])
def test_refuses_ids_and_secrets_that_no_client_could_send(keys: Keys, key_id: str, secret: str | None) -> None:
    with pytest.raises(InvalidParameter):
        keys.create(access_key_id=key_id, access_key_secret=secret)
    assert keys.all() == []


def test_a_disabled_key_is_known_as_such(keys: Keys, credentials: Credentials) -> None:
    key = keys.create()
    keys.disable(key.access_key_id)
    found = credentials.find(key.access_key_id)
    assert found is not None
    assert not found.active
    assert not keys.all()[0].active
    with pytest.raises(AccessKeyNotFound):
        keys.disable("nobody")


def test_a_copy_of_the_database_gives_no_secret_away(keys: Keys, database: Database) -> None:
    key = keys.create(access_key_secret="visible-if-leaked")
    with database.read() as connection:
        copy = repr(connection.execute(text("SELECT * FROM access_keys")).all()).encode()
    assert key.access_key_id.encode() in copy
    assert key.access_key_secret.encode() not in copy


def test_a_file_of_the_database_gives_no_secret_away(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    database = open_database(settings)
    secret = Keys(database, open_secrets(settings)).create(access_key_secret="visible-if-leaked").access_key_secret
    copy = b"".join(path.read_bytes() for path in settings.data.glob("koutu.db*"))
    database.close()
    assert b"access_keys" in copy
    assert secret.encode() not in copy


def test_another_process_sees_a_key_at_once(keys: Keys, credentials: Credentials, settings: Settings, secrets: Secrets) -> None:
    other = open_database(settings)
    key = Keys(other, secrets).create()
    other.close()
    assert credentials.find(key.access_key_id) is not None


def test_enable_expire_and_permit(database: Database, secrets: Secrets) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    keys = Keys(database, secrets, lambda: now)
    key_id = keys.create().access_key_id
    assert keys.get(key_id).state(now) == "active"
    assert keys.disable(key_id).state(now) == "disabled"
    assert keys.enable(key_id).state(now) == "active"
    assert keys.expire(key_id, now + timedelta(hours=1)).state(now + timedelta(hours=1)) == "expired"
    assert keys.expire(key_id, None).expires_at is None
    assert keys.permit(key_id, Permission.of(["portrait"])).permission.names == ("portrait",)
    with pytest.raises(InvalidParameter):
        keys.expire(key_id, now)
    for act in (keys.get, keys.enable, keys.disable, keys.rotate, keys.secret):
        with pytest.raises(AccessKeyNotFound):
            act("nobody")


def test_a_rotated_key_hands_on_what_it_may_do_and_ends(database: Database, secrets: Secrets) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    keys = Keys(database, secrets, lambda: now)
    old = keys.create(account="shop", note="ci", permission=Permission.of(["SegmentBody"])).access_key_id
    new = keys.rotate(old, overlap=timedelta(hours=2))
    info = keys.get(new.access_key_id)
    assert (info.account, info.note, info.permission.names, info.state(now)) == ("shop", "ci", ("SegmentBody",), "active")
    assert keys.secret(new.access_key_id) == new.access_key_secret
    assert [keys.get(old).state(now + timedelta(hours=hours)) for hours in (1, 2)] == ["active", "expired"]
    newest = keys.rotate(new.access_key_id)
    assert keys.get(new.access_key_id).state(now) == "disabled"
    assert keys.get(newest.access_key_id).state(now) == "active"
    with pytest.raises(InvalidParameter):
        keys.rotate(new.access_key_id)


def test_the_last_use_is_noted_to_the_minute(keys: Keys, credentials: Credentials) -> None:
    key_id = keys.create().access_key_id
    now = datetime(2027, 1, 1, tzinfo=UTC)
    seen = []
    for seconds in (0, 59, 60):
        found = credentials.find(key_id)
        assert found is not None
        credentials.used(found, now + timedelta(seconds=seconds))
        seen.append(keys.get(key_id).last_used_at)
    assert seen == [now, now, now + timedelta(seconds=60)]


def test_names_that_no_database_could_keep(keys: Keys, credentials: Credentials) -> None:
    assert credentials.find("LTAI\0x") is None
    for name in ("a\0b", "\0", "a\x1fb"):
        with pytest.raises(InvalidParameter):
            keys.create(account=name)
