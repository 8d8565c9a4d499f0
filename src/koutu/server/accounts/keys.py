"""Access keys: made, listed, disabled, rotated, looked up."""

import re
import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, insert, select, update

from koutu.errors import AccessKeyNotFound, InvalidParameter
from koutu.server.accounts.accounts import DEFAULT_ACCOUNT, make_account
from koutu.server.accounts.database import Database
from koutu.server.accounts.permission import EVERYTHING, Permission, stored
from koutu.server.accounts.secrets import Secrets
from koutu.server.accounts.tables import AccessKey, Account
from koutu.server.clock import Clock, utc_now

TEMPORARY_PREFIX = "STS."
_LONGEST_OVERLAP = timedelta(days=90)
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
    permission: Permission
    expires_at: datetime | None
    last_used_at: datetime | None

    def state(self, now: datetime) -> str:
        """active, disabled or expired."""
        if not self.active:
            return "disabled"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class Keys:
    """The access keys in the database. Every method blocks; none caches, so a change counts from the next call on."""

    def __init__(self, database: Database, secrets: Secrets, clock: Clock = utc_now) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock

    def create(
        self,
        *,
        account: str = DEFAULT_ACCOUNT,
        note: str = "",
        access_key_id: str | None = None,
        access_key_secret: str | None = None,
        permission: Permission | None = None,
        expires_at: datetime | None = None,
    ) -> NewKey:
        """Make a key for an account, which is made too where it is new.

        An id and a secret may be brought along, as when an application's existing pair is to go on working.

        Raises:
            InvalidParameter: the id is taken or not of the allowed form, the secret is too short, or the expiry is past.
        """
        new_id, new_secret = _new_pair()
        key = NewKey(access_key_id or new_id, access_key_secret or new_secret)
        if not _ID.fullmatch(key.access_key_id):
            raise InvalidParameter("An access key id has 3 to 64 letters, digits, '.', '_' or '-'.")
        if len(key.access_key_secret) < 8:
            raise InvalidParameter("An access key secret has at least 8 characters.")
        if key.access_key_id.startswith(TEMPORARY_PREFIX):
            raise InvalidParameter(f"Ids that begin with {TEMPORARY_PREFIX} are those of temporary keys.")
        now = self._clock()
        _check_expiry(expires_at, now)
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
                    permission=EVERYTHING if permission is None else str(permission),
                    expires_at=expires_at,
                )
            )
        return key

    def all(self, account: str | None = None) -> list[KeyInfo]:
        """Every key, or one account's, oldest first, without its secret."""
        query = select(*_COLUMNS).join(Account, Account.id == AccessKey.account_id)
        if account is not None:
            query = query.where(Account.name == account)
        with self._database.read() as connection:
            return [_info(row) for row in connection.execute(query.order_by(AccessKey.created_at, AccessKey.id))]

    def get(self, access_key_id: str) -> KeyInfo:
        """One key, without its secret.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        with self._database.read() as connection:
            return _get(connection, access_key_id)

    def disable(self, access_key_id: str) -> KeyInfo:
        """Shut a key out from the next call on, and its temporary keys with it.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        return self._change(access_key_id, active=False)

    def enable(self, access_key_id: str) -> KeyInfo:
        """Let a disabled key in again.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        return self._change(access_key_id, active=True)

    def expire(self, access_key_id: str, at: datetime | None) -> KeyInfo:
        """Have a key end by itself; None takes its end away.

        Raises:
            AccessKeyNotFound: there is no such key.
            InvalidParameter: the moment is past.
        """
        _check_expiry(at, self._clock())
        return self._change(access_key_id, expires_at=at)

    def permit(self, access_key_id: str, permission: Permission) -> KeyInfo:
        """Let a key call these actions and no others; what its account lacks it lacks all the same.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        return self._change(access_key_id, permission=str(permission))

    def rotate(self, access_key_id: str, *, overlap: timedelta = timedelta(0)) -> NewKey:
        """Make a key of the same account, permission and note, and have the old one end after `overlap`.

        Raises:
            AccessKeyNotFound: there is no such key.
            InvalidParameter: the overlap is negative or longer than 90 days, or the key has ended already.
        """
        if not timedelta(0) <= overlap <= _LONGEST_OVERLAP:
            raise InvalidParameter(f"A rotated key stays good for up to {_LONGEST_OVERLAP.days} days.")
        key = NewKey(*_new_pair())
        with self._database.write() as connection:
            now = self._clock()
            old = _get(connection, access_key_id)
            if old.state(now) != "active":
                raise InvalidParameter(f"The access key {access_key_id} is {old.state(now)}; make a new one instead.")
            connection.execute(
                insert(AccessKey).values(
                    id=key.access_key_id,
                    account_id=_account_id(connection, old.account, now),
                    sealed_secret=self._secrets.seal(key.access_key_id, key.access_key_secret),
                    active=True,
                    note=old.note,
                    created_at=now,
                    permission=str(old.permission),
                    expires_at=old.expires_at,
                )
            )
            end = now + overlap if old.expires_at is None else min(now + overlap, old.expires_at)
            ending = {"expires_at": end} if overlap else {"active": False}
            connection.execute(update(AccessKey).where(AccessKey.id == access_key_id).values(**ending))
        return key

    def secret(self, access_key_id: str) -> str:
        """A key's secret, for what is derived from it.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        with self._database.read() as connection:
            sealed = connection.scalar(select(AccessKey.sealed_secret).where(AccessKey.id == access_key_id))
        if sealed is None:
            raise AccessKeyNotFound(f"There is no access key {access_key_id[:64]}.")
        return self._secrets.open(access_key_id, sealed)

    def _change(self, access_key_id: str, **values: object) -> KeyInfo:
        with self._database.write() as connection:
            connection.execute(update(AccessKey).where(AccessKey.id == access_key_id).values(**values))
            return _get(connection, access_key_id)


_COLUMNS = (
    AccessKey.id,
    Account.name,
    AccessKey.active,
    AccessKey.note,
    AccessKey.created_at,
    AccessKey.permission,
    AccessKey.expires_at,
    AccessKey.last_used_at,
)


def _info(row: "Row[str, str, bool, str, datetime, str, datetime | None, datetime | None]") -> KeyInfo:
    access_key_id, account, active, note, created_at, permission, expires_at, last_used_at = row
    return KeyInfo(access_key_id, account, active, note, created_at, stored(permission), expires_at, last_used_at)


def _get(connection: Connection, access_key_id: str) -> KeyInfo:
    query = select(*_COLUMNS).join(Account, Account.id == AccessKey.account_id).where(AccessKey.id == access_key_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise AccessKeyNotFound(f"There is no access key {access_key_id[:64]}.")
    return _info(row)


def _new_pair() -> tuple[str, str]:
    return "KOUTU" + random.token_hex(10).upper(), random.token_urlsafe(24)


def _check_expiry(at: datetime | None, now: datetime) -> None:
    if at is not None and at <= now:
        raise InvalidParameter("A key's expiry lies in the future.")


def _account_id(connection: Connection, name: str, now: datetime) -> int:
    existing = connection.scalar(select(Account.id).where(Account.name == name))
    return make_account(connection, name, now) if existing is None else existing
