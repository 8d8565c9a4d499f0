"""What becomes of calls that were metered before there was billing."""

from datetime import UTC, datetime
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from koutu.server.accounts.billing.usage import usage
from koutu.server.accounts.database import Database, database_url
from koutu.settings import Settings


def test_calls_of_before_are_in_the_usage_and_free(settings: Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(database_url(settings))
    with database.write() as connection, as_file(files("koutu.server.accounts").joinpath("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with database.write() as connection:
        now = {"now": datetime(2026, 2, 28, 23, 59, tzinfo=UTC)}
        connection.execute(text("INSERT INTO accounts (id, name, created_at) VALUES (1, 'old', :now)"), now)
        for request in ("R1", "R2"):
            connection.execute(
                text(
                    "INSERT INTO ledger (request_id, account_id, access_key_id, action, at, latency_ms, pixels) "
                    f"VALUES ('{request}', 1, 'k', 'SegmentHead', :now, 1.5, 7)"
                ),
                now,
            )
    database.upgrade()
    assert [(row.account, row.month, row.action, row.calls, row.free, row.amount, row.pixels) for row in usage(database)] == [
        ("old", "2026-02", "SegmentHead", 2, 2, 0, 14)
    ]
    database.close()
