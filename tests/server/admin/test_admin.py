"""The admin API: its token, its errors, its documentation, and its routes from end to end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from koutu.server.accounts.backoffice import open_backoffice
from koutu.server.admin import create_admin
from koutu.settings import Settings

_NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def admin(settings: Settings) -> Iterator[TestClient]:
    settings = settings.model_copy(update={"admin_token": "admin-secret", "quotas": "documented"})
    with open_backoffice(settings, lambda: _NOW) as office:
        app = create_admin()
        app.state.backoffice = office
        with TestClient(app, headers={"Authorization": "Bearer admin-secret"}) as client:
            yield client


def _ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic admin-secret"}])
def test_nobody_passes_without_the_token(admin: TestClient, header: dict[str, str]) -> None:
    admin.headers.pop("Authorization")
    answer = admin.get("/accounts", headers=header)
    assert _ok(answer, 401)["Code"] == "Unauthorized"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_without_a_token_set_there_is_no_admin_api(settings: Settings) -> None:
    with open_backoffice(settings) as office:
        app = create_admin()
        app.state.backoffice = office
        for token in ("", "Bearer", "Bearer x"):
            assert TestClient(app).get("/accounts", headers={"Authorization": token}).status_code == 404


def test_it_is_mounted_beside_the_api(wire: Any) -> None:
    assert "/accounts" in _ok(wire.http.get("/admin/openapi.json"))["paths"]


def test_every_route_is_documented_with_its_errors(admin: TestClient) -> None:
    document = _ok(admin.get("/openapi.json"))
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) >= 19
    for operation in operations:
        assert operation["summary"]
        assert {"400", "401", "404"} <= operation["responses"].keys()
        assert operation["security"] == [{"HTTPBearer": []}]


def test_accounts(admin: TestClient) -> None:
    made = _ok(admin.post("/accounts", json={"name": "shop", "permission": ["portrait"]}), 201)
    assert (made["name"], made["active"], made["permission"]) == ("shop", True, ["portrait"])
    changed = _ok(admin.patch("/accounts/shop", json={"active": False, "permission": ["SegmentFood"]}))
    assert (changed["active"], changed["permission"]) == (False, ["SegmentFood"])
    assert _ok(admin.get("/accounts")) == [changed]
    assert _ok(admin.post("/accounts", json={"name": "shop"}), 400)["Code"] == "InvalidParameter"
    assert "Segment" in _ok(admin.patch("/accounts/shop", json={"permission": ["SegmentX"]}), 400)["Message"]
    assert _ok(admin.post("/accounts", json={"nom": "x"}), 400)["Code"] == "InvalidParameter"


def test_keys_and_their_temporary_keys(admin: TestClient) -> None:
    key = _ok(admin.post("/keys", json={"account": "shop", "permission": ["portrait"], "note": "ci"}), 201)
    path = f"/keys/{key['access_key_id']}"
    assert key["access_key_secret"] not in admin.get("/keys").text
    temporary = _ok(admin.post(f"{path}/temporary", json={"session": "phone", "permission": ["SegmentBody"]}), 201)
    assert temporary["expires_at"] == "2027-01-01T01:00:00Z"
    assert [row["parent"] for row in _ok(admin.get("/temporary-keys?account=shop"))] == [key["access_key_id"]]
    revoked = _ok(admin.delete(f"/temporary-keys/{temporary['access_key_id']}"))
    assert revoked["revoked_at"] == "2027-01-01T00:00:00Z"
    changed = _ok(admin.patch(path, json={"expires_at": "2027-02-01T08:00:00+08:00", "active": False}))
    assert (changed["expires_at"], changed["active"], changed["permission"]) == ("2027-02-01T00:00:00Z", False, ["portrait"])
    assert _ok(admin.patch(path, json={"expires_at": None, "active": True}))["expires_at"] is None
    new = _ok(admin.post(f"{path}/rotation", json={"overlap_seconds": 60}), 201)
    assert {row["access_key_id"] for row in _ok(admin.get("/keys?account=shop"))} == {
        key["access_key_id"],
        new["access_key_id"],
    }
    assert _ok(admin.get("/keys/nobody"), 404)["Code"] == "InvalidAccessKeyId.NotFound"


def test_plans_and_quotas(admin: TestClient) -> None:
    _ok(admin.post("/accounts", json={"name": "shop"}), 201)
    order = {"account": "shop", "action": "SegmentBody"}
    plan = _ok(admin.post("/plans", json={**order, "qps": 10}), 201)
    assert (Decimal(plan["price"]), plan["ends_at"]) == (Decimal(4000), "2027-02-01T00:00:00Z")
    assert _ok(admin.post("/plans/upgrades", json={**order, "qps": 20, "days": 1}), 201)["kind"] == "temporary"
    assert _ok(admin.post("/plans/upgrades", json={**order, "qps": 30}), 201)["kind"] == "upgrade"
    assert _ok(admin.post("/plans/upgrades", json={**order, "qps": 15}), 400)["Code"] == "InvalidParameter"
    assert _ok(admin.post("/plans/renewals", json={**order, "count": 3, "period": "day"}), 201)["qps"] == 30
    assert len(_ok(admin.get("/plans?account=shop"))) == 4
    quota = {row["action"]: row for row in _ok(admin.get("/quota?account=shop"))}
    assert (quota["SegmentBody"]["limit"], quota["SegmentFood"]["limit"]) == (30, 2)


def test_limits(admin: TestClient) -> None:
    limit = _ok(admin.put("/limits", json={"qps": 7, "action": "SegmentBody"}))
    assert _ok(admin.get("/limits")) == [limit]
    assert admin.delete("/limits?action=SegmentBody").status_code == 204
    assert _ok(admin.delete("/limits?action=SegmentBody"), 400)["Code"] == "InvalidParameter"
