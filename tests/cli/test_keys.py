"""`koutu keys` as a user types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from koutu.cli.main import app


@pytest.fixture
def run(tmp_path: Path) -> CliRunner:
    return CliRunner(env={"KOUTU_DATA": str(tmp_path / "data")})


@pytest.mark.usefixtures("fresh_settings")
def test_create_list_disable(run: CliRunner, tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]
    made = json.loads(run.invoke(app, ["keys", "create", "--json", "--note", "ci", *data]).stdout)
    assert set(made) == {"access_key_id", "access_key_secret"}
    brought = run.invoke(app, ["keys", "create", "--id", "LTAImine", "--secret", "brought-along", *data]).stdout
    assert "LTAImine" in brought
    listed = json.loads(run.invoke(app, ["keys", "list", "--json", *data]).stdout)
    assert [(row["access_key_id"], row["active"]) for row in listed] == [(made["access_key_id"], True), ("LTAImine", True)]
    assert made["access_key_secret"] not in json.dumps(listed)
    assert run.invoke(app, ["keys", "disable", "LTAImine", *data]).exit_code == 0
    table = run.invoke(app, ["keys", "list", *data]).stdout
    assert "disabled" in table
    assert "ci" in table


@pytest.mark.usefixtures("fresh_settings")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["keys", "disable", "nobody"], "There is no access key nobody."),
        (["keys", "create", "--id", "a b"], "An access key id has"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run: CliRunner, tmp_path: Path, arguments: list[str], message: str) -> None:
    result = run.invoke(app, [*arguments, "--data", str(tmp_path / "data")])
    assert result.exit_code == 1
    assert result.stderr.startswith(message)
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.usefixtures("fresh_settings")
def test_serve_says_what_is_wrong_before_it_starts(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("not a key")
    result = run.invoke(app, ["serve", "--port", "0", "--data", str(tmp_path / "data")])
    assert result.exit_code == 1
    assert "32 random bytes" in result.stderr
