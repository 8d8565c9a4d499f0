"""The accounts' tests run on SQLite and on a real PostgreSQL."""

from pathlib import Path

import pytest

from koutu.settings import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data=tmp_path / "data")
    return Settings(data=tmp_path / "data", database_url=request.getfixturevalue("new_postgresql"))
