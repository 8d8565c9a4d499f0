"""`koutu accounts`, `koutu keys` and `koutu quota` as an operator types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from koutu.cli.main import app

pytestmark = pytest.mark.usefixtures("fresh_settings")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(app, [*words, "--data", str(tmp_path / "data")])


@pytest.fixture
def read(run: Callable[..., Result]) -> Callable[..., Any]:
    def read(*words: str) -> Any:
        result = run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return read


def test_accounts(run: Callable[..., Result], read: Callable[..., Any]) -> None:
    assert read("accounts", "create", "shop", "--actions", "portrait")["permission"] == ["portrait"]
    assert read("accounts", "permit", "shop", "SegmentBody,general")["permission"] == ["SegmentBody", "general"]
    assert run("accounts", "close", "shop").stdout == "shop is closed.\n"
    assert read("accounts", "list") == [read("accounts", "show", "shop")]
    assert not read("accounts", "show", "shop")["active"]
    assert run("accounts", "open", "shop").exit_code == 0
    assert "shop" in run("accounts", "list").stdout


def test_a_keys_life(run: Callable[..., Result], read: Callable[..., Any]) -> None:
    key = read("keys", "create", "--account", "shop", "--expires", "2099-01-01")["access_key_id"]
    assert run("keys", "permit", key, "portrait").stdout == f"{key} may call portrait.\n"
    assert run("keys", "expire", key, "never").stdout == f"{key} ends never.\n"
    temporary = read("keys", "assume", key, "--seconds", "900", "--actions", "SegmentBody")
    assert set(temporary) == {"access_key_id", "access_key_secret", "security_token", "expires_at"}
    assert [row["parent"] for row in read("keys", "temporary", "--account", "shop")] == [key]
    assert run("keys", "revoke", key).stdout == "1 temporary keys are revoked.\n"
    new = read("keys", "rotate", key, "--overlap-hours", "1")["access_key_id"]
    states = {row["access_key_id"]: (row["state"], row["permission"]) for row in read("keys", "list")}
    assert states == {key: ("active", ["portrait"]), new: ("active", ["portrait"])}
    run("keys", "disable", new)
    assert run("keys", "enable", new).exit_code == 0


def test_limits_and_plans(run: Callable[..., Result], read: Callable[..., Any]) -> None:
    run("accounts", "create", "shop")
    limit = read("quota", "set", "5", "--action", "SegmentBody")
    assert read("quota", "limits") == [limit]
    assert run("quota", "clear", "--action", "SegmentBody").exit_code == 0
    assert read("quota", "buy", "shop", "SegmentBody", "20")["price"] == "8000"
    assert read("quota", "upgrade", "shop", "SegmentBody", "50", "--days", "2")["kind"] == "temporary"
    assert read("quota", "renew", "shop", "SegmentBody", "--days", "2")["qps"] == 20
    assert len(read("quota", "plans", "shop")) == 3
    quota = {row["action"]: row["prepaid"] for row in read("quota", "show", "shop")}
    assert (quota["SegmentBody"], quota["SegmentHead"]) == (50, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["accounts", "show", "nobody"], "There is no account 'nobody'."),
        (["accounts", "create", "a,b"], "An account's name has"),
        (["keys", "create", "--actions", "SegmentX"], "'SegmentX' is neither"),
        (["keys", "create", "--expires", "soon"], "A moment is written as"),
        (["keys", "token", "nobody"], "There is no access key nobody."),
        (["quota", "buy", "nobody", "SegmentBody", "20"], "There is no account 'nobody'."),
        (["quota", "buy", "nobody", "SegmentBody", "20", "--days", "1", "--months", "1"], "A plan is bought for"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run: Callable[..., Result], words: list[str], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert result.stderr.startswith(message)
    assert len(result.stderr.splitlines()) == 1
