"""The schema comes up from every earlier version with what was in it."""

from datetime import UTC, datetime
from importlib.resources import as_file, files

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from koutu.server.accounts.accounts import Accounts
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database, database_url
from koutu.server.accounts.keys import Keys
from koutu.server.accounts.ledger import Ledger
from koutu.server.accounts.secrets import Secrets
from koutu.server.accounts.tables import Base
from koutu.settings import Settings

with as_file(files("koutu.server.accounts").joinpath("migrations")) as _folder:
    _SCRIPTS = str(_folder)
_VERSIONS = [script.revision for script in ScriptDirectory(_SCRIPTS).walk_revisions()]


def _upgrade(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _fill(database: Database, secrets: Secrets) -> None:
    """What the first version's code wrote; later columns have defaults."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    values = {"now": now.replace(tzinfo=None) if database.sqlite else now, "sealed": secrets.seal("OLDKEY", "old-secret")}
    with database.write() as connection:
        connection.execute(text("INSERT INTO accounts (name, created_at) VALUES ('old', :now)"), values)
        connection.execute(
            text(
                "INSERT INTO access_keys (id, account_id, sealed_secret, active, note, created_at)"
                " VALUES ('OLDKEY', 1, :sealed, true, 'kept', :now)"
            ),
            values,
        )
        connection.execute(
            text(
                "INSERT INTO ledger (request_id, account_id, access_key_id, action, at, latency_ms, pixels)"
                " VALUES ('R1', 1, 'OLDKEY', 'SegmentBody', :now, 12.5, 100)"
            ),
            values,
        )


@pytest.mark.parametrize("version", _VERSIONS)
def test_up_from_every_version_with_what_was_in_it(settings: Settings, secrets: Secrets, version: str) -> None:
    database = Database(database_url(settings))
    _upgrade(database, version)
    _fill(database, secrets)
    database.upgrade()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    account = Accounts(database).get("old")
    assert (account.active, account.permission.names) == (True, ("*",))
    found = Credentials(database, secrets).find("OLDKEY")
    assert found is not None
    assert (found.access_key_secret, found.active, found.permitted[0].names) == ("old-secret", True, ("*",))
    assert [entry.request_id for entry in Ledger(database).entries()] == ["R1"]
    assert Keys(database, secrets).create(account="old").access_key_id
    database.close()
