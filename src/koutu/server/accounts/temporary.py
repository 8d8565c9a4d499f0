"""Temporary keys: an access key is exchanged for one that ends by itself and may do less."""

import re
import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from koutu.errors import AccessKeyInactive, AccessKeyNotFound, InvalidParameter
from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.database import Database
from koutu.server.accounts.keys import TEMPORARY_PREFIX
from koutu.server.accounts.permission import EVERYTHING, Permission, stored
from koutu.server.accounts.secrets import Secrets
from koutu.server.accounts.tables import AccessKey, Account, TemporaryKey
from koutu.server.clock import Clock, utc_now

SHORTEST_S, LONGEST_S, DEFAULT_S = 900, 43_200, 3600
_SESSION = re.compile(r"[A-Za-z0-9._@-]{2,64}")
# Kept for a while, so that a caller who comes late is told that the key has expired.
_KEEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewTemporaryKey:
    """A temporary key as its owner sees it, once."""

    access_key_id: str
    access_key_secret: str
    security_token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TemporaryKeyInfo:
    """A temporary key as it is listed."""

    access_key_id: str
    parent: str
    account: str
    session: str
    permission: Permission
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class TemporaryKeys:
    """The temporary keys in the database. Every method blocks."""

    def __init__(self, database: Database, secrets: Secrets, clock: Clock = utc_now) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock
        self._credentials = Credentials(database, secrets)

    def issue(
        self, parent: str, *, session: str, seconds: int = DEFAULT_S, permission: Permission | None = None
    ) -> NewTemporaryKey:
        """Make a temporary key for a lasting one.

        Args:
            parent: the lasting key's id.
            session: what the key is for; 2 to 64 letters, digits, '.', '_', '@' or '-'.
            seconds: how long it is good for; it ends with its parent at the latest.
            permission: what it is narrowed to; it never allows more than its parent does.

        Raises:
            AccessKeyNotFound, AccessKeyInactive: the parent does not exist or is shut out.
            InvalidParameter: session or seconds are not of the allowed form.
        """
        if not _SESSION.fullmatch(session):
            raise InvalidParameter("A session's name has 2 to 64 letters, digits, '.', '_', '@' or '-'.")
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise InvalidParameter(f"A temporary key is good for {SHORTEST_S} to {LONGEST_S} seconds, not for {seconds}.")
        key_id, secret = TEMPORARY_PREFIX + random.token_hex(12).upper(), random.token_urlsafe(24)
        with self._database.write() as connection:
            now = self._clock()
            row = connection.execute(select(AccessKey.active, AccessKey.expires_at).where(AccessKey.id == parent)).one_or_none()
            if row is None:
                raise AccessKeyNotFound(f"There is no lasting access key {parent[:64]}.")
            if not row.active or (row.expires_at is not None and row.expires_at <= now):
                raise AccessKeyInactive(f"The access key {parent} is disabled or has expired.")
            connection.execute(delete(TemporaryKey).where(TemporaryKey.expires_at < now - _KEEP))
            # Whole seconds, as the answer spells them.
            expires_at = (now + timedelta(seconds=seconds)).replace(microsecond=0)
            connection.execute(
                insert(TemporaryKey).values(
                    id=key_id,
                    parent_id=parent,
                    sealed_secret=self._secrets.seal(key_id, secret),
                    session=session,
                    permission=EVERYTHING if permission is None else str(permission),
                    created_at=now,
                    expires_at=expires_at,
                )
            )
        return NewTemporaryKey(key_id, secret, self._credentials.token(key_id), expires_at)

    def all(self, account: str | None = None) -> list[TemporaryKeyInfo]:
        """The temporary keys that have not expired, oldest first; of one account or of all."""
        query = _SELECT.where(TemporaryKey.expires_at > self._clock())
        if account is not None:
            query = query.where(Account.name == account)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(TemporaryKey.created_at, TemporaryKey.id))
            return [_info(row) for row in rows]

    def revoke(self, access_key_id: str) -> TemporaryKeyInfo:
        """Shut a temporary key out from the next call on, for good.

        Raises:
            AccessKeyNotFound: there is no such temporary key.
        """
        open_one = (TemporaryKey.id == access_key_id, TemporaryKey.revoked_at.is_(None))
        with self._database.write() as connection:
            connection.execute(update(TemporaryKey).where(*open_one).values(revoked_at=self._clock()))
            return _get(connection, access_key_id)

    def revoke_all(self, parent: str) -> int:
        """Shut every temporary key of a lasting key out; how many there were."""
        now = self._clock()
        mine = (TemporaryKey.parent_id == parent, TemporaryKey.revoked_at.is_(None), TemporaryKey.expires_at > now)
        with self._database.write() as connection:
            return connection.execute(update(TemporaryKey).where(*mine).values(revoked_at=now)).rowcount


_SELECT = (
    select(
        TemporaryKey.id,
        TemporaryKey.parent_id,
        Account.name,
        TemporaryKey.session,
        TemporaryKey.permission,
        TemporaryKey.created_at,
        TemporaryKey.expires_at,
        TemporaryKey.revoked_at,
    )
    .join(AccessKey, AccessKey.id == TemporaryKey.parent_id)
    .join(Account, Account.id == AccessKey.account_id)
)


def _info(row: "Row[str, str, str, str, str, datetime, datetime, datetime | None]") -> TemporaryKeyInfo:
    key_id, parent, account, session, permission, created_at, expires_at, revoked_at = row
    return TemporaryKeyInfo(key_id, parent, account, session, stored(permission), created_at, expires_at, revoked_at)


def _get(connection: Connection, access_key_id: str) -> TemporaryKeyInfo:
    row = connection.execute(_SELECT.where(TemporaryKey.id == access_key_id)).one_or_none()
    if row is None:
        raise AccessKeyNotFound(f"There is no temporary key {access_key_id[:64]}.")
    return _info(row)
