"""Access keys: made, listed, disabled, looked up."""

import re
import secrets as random
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from koutu.errors import AccessKeyNotFound, InvalidParameter
from koutu.server.accounts.database import Database
from koutu.server.accounts.secrets import Secrets
from koutu.server.accounts.tables import AccessKey, Account

DEFAULT_ACCOUNT = "default"
_ID = re.compile(r"[A-Za-z0-9._-]{3,64}")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as its owner sees it, once."""

    access_key_id: str
    access_key_secret: str


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key as it is listed."""

    access_key_id: str
    account: str
    active: bool
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credential:
    """A key as the gateway needs it."""

    access_key_id: str
    access_key_secret: str
    account_id: int
    active: bool


class Keys:
    """The access keys in the database. Every method blocks; none caches, so a change counts from the next call on."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets

    def create(
        self,
        *,
        account: str = DEFAULT_ACCOUNT,
        note: str = "",
        access_key_id: str | None = None,
        access_key_secret: str | None = None,
    ) -> NewKey:
        """Make a key for an account, which is made too where it is new.

        An id and a secret may be brought along, as when an application's existing pair is to go on working.

        Raises:
            InvalidParameter: the id is taken or not of the allowed form, or the secret is too short.
        """
        key = NewKey(access_key_id or "KOUTU" + random.token_hex(10).upper(), access_key_secret or random.token_urlsafe(24))
        if not _ID.fullmatch(key.access_key_id):
            raise InvalidParameter("An access key id has 3 to 64 letters, digits, '.', '_' or '-'.")
        if len(key.access_key_secret) < 8:
            raise InvalidParameter("An access key secret has at least 8 characters.")
        now = datetime.now(UTC)
        with self._database.write() as connection:
            if connection.scalar(select(AccessKey.id).where(AccessKey.id == key.access_key_id)) is not None:
                raise InvalidParameter(f"The access key id {key.access_key_id} is taken.")
            connection.execute(
                insert(AccessKey).values(
                    id=key.access_key_id,
                    account_id=_account_id(connection, account, now),
                    sealed_secret=self._secrets.seal(key.access_key_id, key.access_key_secret),
                    active=True,
                    note=note,
                    created_at=now,
                )
            )
        return key

    def all(self) -> list[KeyInfo]:
        """Every key, oldest first, without its secret."""
        columns = (AccessKey.id, Account.name, AccessKey.active, AccessKey.note, AccessKey.created_at)
        with self._database.read() as connection:
            rows = connection.execute(
                select(*columns).join(Account, Account.id == AccessKey.account_id).order_by(AccessKey.created_at, AccessKey.id)
            )
            return [KeyInfo(*row) for row in rows]

    def disable(self, access_key_id: str) -> None:
        """Shut a key out from the next call on.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        with self._database.write() as connection:
            changed = connection.execute(update(AccessKey).where(AccessKey.id == access_key_id).values(active=False))
            if not changed.rowcount:
                raise AccessKeyNotFound(f"There is no access key {access_key_id}.")

    def find(self, access_key_id: str) -> Credential | None:
        """The key with its secret, or None."""
        query = select(AccessKey.sealed_secret, AccessKey.account_id, AccessKey.active).where(AccessKey.id == access_key_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Credential(access_key_id, self._secrets.open(access_key_id, row[0]), row[1], row[2])


def _account_id(connection: Connection, name: str, now: datetime) -> int:
    existing = connection.scalar(select(Account.id).where(Account.name == name))
    if existing is not None:
        return existing
    return int(connection.execute(insert(Account).values(name=name, created_at=now).returning(Account.id)).scalar_one())
