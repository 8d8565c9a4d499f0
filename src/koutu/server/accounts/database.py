"""The server's database: SQLite in the data folder, or PostgreSQL by URL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from koutu.errors import EnvironmentFault, InvalidParameter
from koutu.server.data_folder import data_folder
from koutu.settings import Settings

# Any constant will do, as long as every replica uses the same one.
_MIGRATION_LOCK = 0x6B6F757475


def database_url(settings: Settings) -> URL:
    """The URL of the accounts' database; a plain postgresql:// means the driver that ships with the server.

    Raises:
        EnvironmentFault: the setting is no URL.
    """
    if not settings.database_url:
        return URL.create("sqlite", database=str(data_folder(settings) / "koutu.db"))
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        raise EnvironmentFault("KOUTU_DATABASE_URL is not the URL of a database.") from None
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


class Database:
    """One engine, its transactions and its migrations. Thread-safe; every method blocks."""

    def __init__(self, url: URL) -> None:
        self.sqlite = url.get_backend_name() == "sqlite"
        self.engine = create_engine(url, pool_pre_ping=not self.sqlite)
        event.listen(self.engine, "before_cursor_execute", _refuse_nulls)
        if self.sqlite:
            _prepare_sqlite(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction to write in; it commits at the end of the block."""
        # SQLite: taking the write lock at once waits for its turn; upgrading a read later would fail with "locked".
        with self.engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as connection, connection.begin():
            yield connection

    def upgrade(self) -> None:
        """Bring the schema to the newest version; safe to call from several processes at once."""
        with self.write() as connection, as_file(files("koutu.server.accounts").joinpath("migrations")) as folder:
            if not self.sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config = Config()
            config.set_main_option("script_location", str(folder))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> None:
        """Ask the database something.

        Raises:
            SQLAlchemyError: it does not answer.
        """
        with self.read() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name, at its newest schema.

    Raises:
        EnvironmentFault: it cannot be reached, or not be written.
    """
    url = database_url(settings)
    try:
        database = Database(url)
        database.upgrade()
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        reason = getattr(error, "orig", None) or error
        raise EnvironmentFault(f"The database {url.render_as_string()} cannot be opened: {reason}") from error
    return database


def _refuse_nulls(
    connection: Connection, cursor: object, statement: str, parameters: object, context: object, many: bool
) -> None:
    """Refuse a null character in any text: PostgreSQL can neither keep it nor be asked about it."""
    rows = parameters if many and isinstance(parameters, Sequence) else (parameters,)
    for row in rows:
        values = row.values() if isinstance(row, Mapping) else row if isinstance(row, Sequence) else ()
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise InvalidParameter("A text holds a null character.")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # The driver's own implicit BEGIN would defeat the one below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA journal_mode = WAL")
        # In WAL mode NORMAL survives the death of the process; only a power cut may lose the newest commits.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
