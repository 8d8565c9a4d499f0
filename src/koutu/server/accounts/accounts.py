"""Accounts: made, listed, opened and closed, and what is activated for them."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from koutu.errors import InvalidParameter
from koutu.server.accounts.database import Database
from koutu.server.accounts.permission import EVERYTHING, Permission, stored
from koutu.server.accounts.tables import Account
from koutu.server.clock import Clock, utc_now

DEFAULT_ACCOUNT = "default"
_NAME = re.compile(r"[^\s\x00-\x1f,*/?#][^\x00-\x1f,*/?#]{0,99}")


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account as it is listed."""

    id: int
    name: str
    active: bool
    permission: Permission
    created_at: datetime


class Accounts:
    """The accounts in the database. Every method blocks; none caches, so a change counts from the next call on."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def create(self, name: str, permission: Permission | None = None) -> AccountInfo:
        """Make an account; everything is activated for it unless `permission` says otherwise.

        Raises:
            InvalidParameter: the name is taken or not of the allowed form.
        """
        with self._database.write() as connection:
            if connection.scalar(select(Account.id).where(Account.name == name)) is not None:
                raise InvalidParameter(f"There is an account {name!r} already.")
            make_account(connection, name, self._clock(), permission)
            return find_account(connection, name)

    def all(self) -> list[AccountInfo]:
        """Every account, oldest first."""
        with self._database.read() as connection:
            return [_info(row) for row in connection.execute(select(*_COLUMNS).order_by(Account.id))]

    def get(self, name: str) -> AccountInfo:
        """One account.

        Raises:
            InvalidParameter: there is none of this name.
        """
        with self._database.read() as connection:
            return find_account(connection, name)

    def permit(self, name: str, permission: Permission) -> AccountInfo:
        """Activate these actions for an account and no others.

        Raises:
            InvalidParameter: there is no such account.
        """
        return self._change(name, permission=str(permission))

    def set_active(self, name: str, active: bool) -> AccountInfo:
        """Open an account, or close it with all its keys.

        Raises:
            InvalidParameter: there is no such account.
        """
        return self._change(name, active=active)

    def _change(self, name: str, **values: object) -> AccountInfo:
        with self._database.write() as connection:
            connection.execute(update(Account).where(Account.name == name).values(**values))
            return find_account(connection, name)


_COLUMNS = (Account.id, Account.name, Account.active, Account.permission, Account.created_at)


def find_account(connection: Connection, name: str, *, lock: bool = False) -> AccountInfo:
    """One account, within a transaction; locked, nobody else who locks it gets in before the transaction's end.

    Raises:
        InvalidParameter: there is none of this name.
    """
    query = select(*_COLUMNS).where(Account.name == name)
    row = connection.execute(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if row is None:
        raise InvalidParameter(f"There is no account {name[:100]!r}.")
    return _info(row)


def make_account(connection: Connection, name: str, now: datetime, permission: Permission | None = None) -> int:
    """Write an account down, within a transaction; its id.

    Raises:
        InvalidParameter: the name is not of the allowed form.
    """
    if not _NAME.fullmatch(name):
        raise InvalidParameter("An account's name has 1 to 100 characters, no blank at its start and none of , * / ? #.")
    kept = EVERYTHING if permission is None else str(permission)
    values = {"name": name, "created_at": now, "active": True, "permission": kept}
    return int(connection.execute(insert(Account).values(values).returning(Account.id)).scalar_one())


def _info(row: "Row[int, str, bool, str, datetime]") -> AccountInfo:
    number, name, active, permission, created_at = row
    return AccountInfo(number, name, active, stored(permission), created_at)
