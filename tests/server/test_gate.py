"""What stands between a proved caller and an action, over the wire."""

from typing import Any

import pytest

from koutu.server.accounts.accounts import Accounts
from koutu.server.accounts.database import open_database
from koutu.server.accounts.permission import Permission
from koutu.server.accounts.temporary import TemporaryKeys


@pytest.fixture
def call(wire: Any, photo_server: Any) -> Any:
    def call(action: str = "SegmentBody", key: Any = None, **params: str) -> tuple[int, str]:
        image = {"ImageURL": photo_server.at()} if action.startswith("Segment") else {}
        answer = wire.call(action, key, **image, **params)
        return answer["status_code"], answer.get("Code", "OK")

    return call


@pytest.fixture
def account(wire: Any) -> str:
    return str(wire.keys.get(wire.key.access_key_id).account)


@pytest.fixture
def database(wire: Any) -> Any:
    database = open_database(wire.settings)
    yield database
    database.close()


def test_a_key_calls_what_it_may(wire: Any, call: Any) -> None:
    wire.keys.permit(wire.key.access_key_id, Permission.of(["SegmentBody", "commodity"]))
    assert call("SegmentBody") == (200, "OK")
    assert call("SegmentCommodity") == (200, "OK")
    assert call("SegmentHead") == (403, "Unauthorized")
    assert call("GetAsyncJobResult", JobId="none") == (400, "InvalidParameter")


def test_an_account_calls_what_is_activated(call: Any, account: str, database: Any) -> None:
    Accounts(database).permit(account, Permission.of(["SegmentBody"]))
    assert call("SegmentBody") == (200, "OK")
    assert call("SegmentHead") == (403, "InvalidApi.NotPurchase")
    Accounts(database).set_active(account, False)
    assert call("SegmentBody") == (400, "InvalidAccessKeyId.Inactive")


def test_disabled_and_unknown_keys(wire: Any, call: Any) -> None:
    wire.keys.disable(wire.key.access_key_id)
    assert call() == (400, "InvalidAccessKeyId.Inactive")
    wire.keys.enable(wire.key.access_key_id)
    assert call() == (200, "OK")
    assert wire.keys.get(wire.key.access_key_id).last_used_at is not None
    stranger = type(wire.key)("nobody", wire.key.access_key_secret)
    assert call(key=stranger) == (404, "InvalidAccessKeyId.NotFound")


def test_a_temporary_key_calls_for_its_parent_until_it_is_revoked(wire: Any, call: Any, database: Any) -> None:
    from koutu.server.accounts.secrets import open_secrets

    temporary = TemporaryKeys(database, open_secrets(wire.settings))
    key = temporary.issue(wire.key.access_key_id, session="test", permission=Permission.of(["SegmentBody"]))
    token = {"SecurityToken": key.security_token}
    assert call(key=key, **token) == (200, "OK")
    assert call("SegmentHead", key=key, **token) == (403, "Unauthorized")
    assert call(key=key) == (400, "MissingSecurityToken")
    assert call(key=key, SecurityToken="other") == (400, "InvalidSecurityToken.MismatchWithAccessKey")
    assert len(wire.entries()) == 1
    temporary.revoke(key.access_key_id)
    assert call(key=key, **token) == (403, "InvalidSecurityToken.Expired")
