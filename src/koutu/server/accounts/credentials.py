"""What the gateway looks up of a key, lasting or temporary, in one query."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from koutu.server.accounts.database import Database
from koutu.server.accounts.keys import TEMPORARY_PREFIX
from koutu.server.accounts.permission import Permission, stored
from koutu.server.accounts.secrets import Secrets
from koutu.server.accounts.tables import AccessKey, Account, TemporaryKey

# Finer steps would cost every call a write.
LAST_USED_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Credential:
    """A key as the gateway needs it.

    Attributes:
        access_key_id: the id that the caller signs with.
        access_key_secret: what the caller signs with.
        lasting_key_id: the key itself, or the one that a temporary key was issued for.
        account_id: whose key it is.
        active: whether neither the key nor its parent nor its account is shut out.
        expires_at: when the key, or its parent, ends by itself.
        temporary: whether a security token has to come along.
        activated: what the account may call.
        permitted: what all of these allow: the key's permission and, of a temporary key, its parent's.
        last_used_at: when the lasting key was used last.
    """

    access_key_id: str
    access_key_secret: str
    lasting_key_id: str
    account_id: int
    active: bool
    expires_at: datetime | None
    temporary: bool
    activated: Permission
    permitted: tuple[Permission, ...]
    last_used_at: datetime | None


class Credentials:
    """Looks keys up for the gateway. Every method blocks; none caches, so a change counts from the next call on."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets
        self._tokens = secrets.derive("security-tokens")

    def find(self, access_key_id: str) -> Credential | None:
        """The key with its secret and all that its calls depend on, or None."""
        if not access_key_id.isprintable():
            return None
        temporary = access_key_id.startswith(TEMPORARY_PREFIX)
        with self._database.read() as connection:
            row = connection.execute((_TEMPORARY if temporary else _LASTING), {"id": access_key_id}).one_or_none()
        if row is None:
            return None
        ends = [moment for moment in (row.expires_at, row.ends_at if temporary else None) if moment is not None]
        return Credential(
            access_key_id=access_key_id,
            access_key_secret=self._secrets.open(access_key_id, row.sealed_secret),
            lasting_key_id=row.lasting_id,
            account_id=row.account_id,
            active=row.key_active and row.account_active and not (temporary and row.revoked_at is not None),
            expires_at=min(ends, default=None),
            temporary=temporary,
            activated=stored(row.activated),
            permitted=(stored(row.permission), stored(row.narrowed)) if temporary else (stored(row.permission),),
            last_used_at=row.last_used_at,
        )

    def token(self, access_key_id: str) -> str:
        """The security token that goes with a temporary key."""
        mac = hmac.digest(self._tokens, access_key_id.encode(), "sha256")
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")

    def token_holds(self, access_key_id: str, token: str) -> bool:
        """Whether a security token is the one of this temporary key; takes the same time whatever was sent."""
        return hmac.compare_digest(self.token(access_key_id).encode(), token.encode())

    def used(self, credential: Credential, now: datetime) -> None:
        """Note when a lasting key, or one of its temporary keys, was used; exact to `LAST_USED_STEP`."""
        last = credential.last_used_at
        if last is not None and now - last < LAST_USED_STEP:
            return
        with self._database.write() as connection:
            connection.execute(update(AccessKey).where(AccessKey.id == credential.lasting_key_id).values(last_used_at=now))


_SHARED = (
    AccessKey.id.label("lasting_id"),
    AccessKey.account_id,
    AccessKey.active.label("key_active"),
    AccessKey.permission,
    AccessKey.expires_at,
    AccessKey.last_used_at,
    Account.active.label("account_active"),
    Account.permission.label("activated"),
)
_LASTING = (
    select(*_SHARED, AccessKey.sealed_secret)
    .join(Account, Account.id == AccessKey.account_id)
    .where(AccessKey.id == bindparam("id"))
)
_TEMPORARY = (
    select(
        *_SHARED,
        TemporaryKey.sealed_secret,
        TemporaryKey.permission.label("narrowed"),
        TemporaryKey.expires_at.label("ends_at"),
        TemporaryKey.revoked_at,
    )
    .join(AccessKey, AccessKey.id == TemporaryKey.parent_id)
    .join(Account, Account.id == AccessKey.account_id)
    .where(TemporaryKey.id == bindparam("id"))
)
