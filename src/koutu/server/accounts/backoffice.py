"""Everything that an operator manages, behind one object: for the CLI, the admin API and the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from koutu.server.accounts.accounts import Accounts
from koutu.server.accounts.billing.books import PriceBooks
from koutu.server.accounts.billing.packages import Packages
from koutu.server.accounts.billing.payments import Payments
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database, open_database
from koutu.server.accounts.keys import Keys
from koutu.server.accounts.ledger import Ledger
from koutu.server.accounts.limits import Limits
from koutu.server.accounts.plans import Plans
from koutu.server.accounts.secrets import Secrets, open_secrets
from koutu.server.accounts.temporary import TemporaryKeys
from koutu.server.clock import Clock, utc_now
from koutu.settings import Settings


@dataclass(frozen=True, slots=True)
class Backoffice:
    """The services over one database, secret and clock. Thread-safe; every method of a service blocks."""

    settings: Settings
    database: Database
    secrets: Secrets
    clock: Clock
    accounts: Accounts
    keys: Keys
    temporary: TemporaryKeys
    credentials: Credentials
    plans: Plans
    limits: Limits
    ledger: Ledger
    prices: PriceBooks
    packages: Packages
    payments: Payments


@contextmanager
def open_backoffice(settings: Settings, clock: Clock = utc_now) -> Iterator[Backoffice]:
    """Open the database and the secret that the settings name.

    Raises:
        EnvironmentFault: one of them cannot be used.
    """
    database = open_database(settings)
    try:
        secrets = open_secrets(settings)
        yield Backoffice(
            settings=settings,
            database=database,
            secrets=secrets,
            clock=clock,
            accounts=Accounts(database, clock),
            keys=Keys(database, secrets, clock),
            temporary=TemporaryKeys(database, secrets, clock),
            credentials=Credentials(database, secrets),
            plans=Plans(database, clock),
            limits=Limits(database),
            ledger=Ledger(database),
            prices=PriceBooks(database, clock),
            packages=Packages(database, clock),
            payments=Payments(database, clock),
        )
    finally:
        database.close()
