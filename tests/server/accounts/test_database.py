"""The database and its migrations."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from koutu.errors import EnvironmentFault
from koutu.server.accounts.database import Database, database_url, open_database
from koutu.server.accounts.tables import Base
from koutu.settings import Settings


def test_the_migrations_make_the_tables_that_the_code_means(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_sqlite_is_set_up_for_many_readers_and_for_the_death_of_the_process(tmp_path: Path) -> None:
    database = open_database(Settings(data=tmp_path))
    with database.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_opening_again_changes_nothing(settings: Settings, database: Database) -> None:
    again = open_database(settings)
    with again.read() as connection:
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    again.close()


def test_several_may_open_a_new_database_at_once(settings: Settings) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            open_database(settings).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_plain_postgresql_url_means_the_driver_that_ships(tmp_path: Path) -> None:
    url = database_url(Settings(data=tmp_path, database_url="postgresql://u:p@h/db"))
    assert url.drivername == "postgresql+psycopg"
    assert database_url(Settings(data=tmp_path)).database == str(tmp_path / "koutu.db")


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite:////proc/none/x.db", "postgresql://nobody:hidden@127.0.0.1:1/none", "oracle://x/y"]
)
def test_a_database_that_cannot_be_opened_is_a_clear_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        open_database(Settings(data=tmp_path, database_url=url))
    assert "database" in caught.value.message.lower()
    assert "hidden" not in caught.value.message
