"""What metering and admission ask of billing."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from koutu.server.accounts.entry import Entry


class Billing(Protocol):
    """Told of every metered call, asked before every admitted one."""

    def charge(self, connection: Connection, record: Entry) -> None:
        """Settle a successful call, in the transaction that writes its ledger line; called once for every line."""

    def refuse_arrears(self, connection: Connection, account_id: int, action: str, now: datetime) -> None:
        """Refuse a call of an account that is frozen for this action.

        Raises:
            NotPurchased: it is.
        """


class NoBilling:
    """Every call is free and no account is ever frozen."""

    def charge(self, connection: Connection, record: Entry) -> None:
        """Nothing is owed."""

    def refuse_arrears(self, connection: Connection, account_id: int, action: str, now: datetime) -> None:
        """Nobody is refused."""


def open_billing() -> Billing:
    """The billing of this installation."""
    return NoBilling()
