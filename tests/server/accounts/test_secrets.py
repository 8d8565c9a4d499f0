"""The root secret and what hangs on it."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from koutu.errors import EnvironmentFault
from koutu.server.accounts.secrets import Secrets, open_secrets
from koutu.settings import Settings


def test_the_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        derived = {secrets.derive("x") for secrets in pool.map(lambda _: open_secrets(settings), range(8))}
    assert len(derived) == 1
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_the_setting_comes_first(tmp_path: Path) -> None:
    key = base64.b64encode(bytes(range(32))).decode()
    secrets = open_secrets(Settings(data=tmp_path, secret_key=key))
    assert secrets.derive("x") == Secrets(bytes(range(32))).derive("x")
    assert not (tmp_path / "secret.key").exists()


@pytest.mark.parametrize("text", ["short", base64.b64encode(b"x" * 31).decode(), "%%%%"])
def test_refuses_what_is_no_secret(tmp_path: Path, text: str) -> None:
    with pytest.raises(EnvironmentFault, match="32 random bytes"):
        open_secrets(Settings(data=tmp_path, secret_key=text))


def test_sealed_secrets_open_for_their_id_and_root_alone() -> None:
    secrets = Secrets(b"a" * 32)
    sealed = secrets.seal("id", "hidden")
    assert b"hidden" not in sealed
    assert secrets.open("id", sealed) == "hidden"
    assert secrets.seal("id", "hidden") != sealed
    for other, key_id in ((secrets, "other"), (Secrets(b"b" * 32), "id")):
        with pytest.raises(EnvironmentFault):
            other.open(key_id, sealed)


def test_purposes_do_not_share_a_key() -> None:
    secrets = Secrets(b"a" * 32)
    assert secrets.derive("one") != secrets.derive("two")
    assert len(secrets.derive("one")) == 32
