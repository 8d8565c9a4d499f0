"""Access keys in the database."""

from pathlib import Path

import pytest
from sqlalchemy import text

from koutu.errors import AccessKeyNotFound, InvalidParameter
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database, open_database
from koutu.server.accounts.keys import Keys
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
