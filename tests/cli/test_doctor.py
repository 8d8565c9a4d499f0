"""`koutu doctor` finds what was broken on purpose, and says how to mend it."""

import base64
import json
import shutil
import socket

import pytest
from typer.testing import CliRunner

from koutu.cli.checks import packages
from koutu.cli.main import app
from koutu.models import catalog, store

run = CliRunner().invoke


@pytest.fixture
def ask(tmp_path, monkeypatch, fresh_settings):
    """Run the doctor with settings; gives its exit code and findings by check. Imports, which take seconds, are not tried."""
    monkeypatch.setattr(packages, "_import_errors", lambda modules: "")

    def ask(*options: str, **settings: str):
        from koutu import settings as module

        for name, value in {"KOUTU_DATA": str(tmp_path / "data"), "KOUTU_PORT": "0", **settings}.items():
            monkeypatch.setenv(name, value)
        module.current.cache_clear()
        result = run(app, ["doctor", "--json", *options])
        assert result.stdout, result.exception
        report = json.loads(result.stdout)
        assert report["broken"] == sum(finding["state"] == "fail" for finding in report["findings"])
        for finding in report["findings"]:
            assert finding["state"] != "fail" or finding["cure"], finding
        return result.exit_code, {finding["check"]: finding for finding in report["findings"]}

    return ask


def test_a_sound_installation_has_nothing_broken(ask):
    code, found = ask()
    assert code == 0, found
    assert {found[check]["state"] for check in ("python", "packages", "processor", "models", "a cutout", "port")} == {"ok"}
    assert "a cutout" not in ask("--quick")[1]


def test_every_package_loads():
    assert packages._import_errors(["numpy", "PIL"]) == ""
    assert "no_such_module" in packages._import_errors(["numpy", "no_such_module"])


def test_a_damaged_and_a_missing_model(ask, tmp_path):
    entry = catalog()["face_landmark"]
    home = tmp_path / "home"
    folder = home / "models" / store().folder(entry).name
    folder.mkdir(parents=True)
    shutil.copy(store().weights(entry), folder / entry.file)
    with (folder / entry.file).open("r+b") as file:
        file.write(b"damaged")
    code, found = ask("--quick", KOUTU_HOME=str(home))
    assert code == 1
    assert found["model face_landmark"]["state"] == "fail"
    assert str(folder) in found["model face_landmark"]["cure"]
    assert "isnet" in found["models"]["says"]
    assert found["models"]["cure"].startswith("koutu models install")


def test_a_folder_that_cannot_be_written(ask, tmp_path):
    (tmp_path / "file").touch()
    code, found = ask("--quick", KOUTU_DATA=str(tmp_path / "file" / "data"))
    assert code == 1
    assert "cannot be written" in found["data folder"]["says"]
    assert "KOUTU_DATA" in found["data folder"]["cure"]


def test_settings_that_are_wrong_or_misspelt(ask, monkeypatch):
    code, found = ask("--quick", KOUTU_LICENSES="permissive")
    assert code == 0
    assert found["settings"]["state"] == "warn"
    assert found["settings"]["cure"] == "Is KOUTU_LICENCES meant?"
    monkeypatch.delenv("KOUTU_LICENSES")
    code, found = ask("--quick", KOUTU_PORT="high")
    assert code == 1
    assert "KOUTU_PORT" in found["settings"]["cure"]
    assert found["models and server"]["state"] == "skip"


def test_a_port_that_is_taken(ask):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, found = ask("--quick", KOUTU_PORT=str(taken.getsockname()[1]))
    assert code == 1
    assert "cannot be listened on" in found["port"]["says"]


def test_servers_that_do_not_answer(ask):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, found = ask(
        "--quick",
        KOUTU_DATABASE_URL=f"postgresql://koutu:hidden@127.0.0.1:{port}/koutu",
        KOUTU_REDIS_URL=f"redis://127.0.0.1:{port}/0",
        KOUTU_STORAGE_URL="s9://nowhere",
        KOUTU_SECRET_KEY=base64.b64encode(b"short").decode(),
    )
    assert code == 1
    for check in ("database", "redis", "object store", "server's secret"):
        assert found[check]["state"] == "fail", found[check]
        assert "hidden" not in found[check]["says"]


def test_it_changes_nothing(ask, tmp_path):
    ask("--quick")
    assert not (tmp_path / "data").exists()


def test_people_read_it_too(monkeypatch, tmp_path, fresh_settings):
    monkeypatch.setattr(packages, "_import_errors", lambda modules: "cv2: libGL.so.1 is missing" if "cv2" in modules else "")
    result = run(app, ["doctor", "--quick"])
    assert result.exit_code == 1
    assert "✗ packages: do not load: cv2: libGL.so.1 is missing" in result.stdout
    assert "→ pip install" in result.stdout
