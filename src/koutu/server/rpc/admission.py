"""Whether a request may be answered: its clock, its key, its signature, its nonce, its right to the action."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from koutu.errors import (
    AccessKeyInactive,
    AccessKeyNotFound,
    InvalidParameter,
    SecurityTokenExpired,
    SecurityTokenMismatch,
    SecurityTokenMissing,
    SignatureDoesNotMatch,
    SignatureNonceUsed,
    TimestampExpired,
)
from koutu.server.accounts.credentials import Credential
from koutu.server.clock import Clock, utc_now
from koutu.server.rpc.nonces import Nonces
from koutu.server.rpc.proof import read_proof
from koutu.server.rpc.request import RpcRequest

_WINDOW_S = 15 * 60
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request was proved to come from; the key is the lasting one also where a temporary one was used."""

    account_id: int
    access_key_id: str
    temporary: bool = False

    @property
    def owner(self) -> str:
        """The account as storage and sources name it."""
        return str(self.account_id)


Permit = Callable[[Credential, str], Awaitable[None]]


class Admission:
    """Proves callers.

    Args:
        find: looks an access key up.
        nonces: where used nonces are remembered.
        permit: raises where the caller may not call the action, or not now.
        token_holds: whether a security token is the one of a temporary key.
        clock: the server's time.
    """

    def __init__(
        self,
        find: Callable[[str], Awaitable[Credential | None]],
        nonces: Nonces,
        permit: Permit,
        token_holds: Callable[[str, str], bool],
        clock: Clock = utc_now,
    ) -> None:
        self._find = find
        self._nonces = nonces
        self._permit = permit
        self._token_holds = token_holds
        self._clock = clock

    async def admit(self, request: RpcRequest) -> Caller:
        """Prove who sent the request and that it may be answered.

        Raises:
            AccessError, MissingParameter, InvalidParameter: what was wrong with it.
        """
        proof = read_proof(request)
        now = self._clock().timestamp()
        sent = _read_timestamp(proof.timestamp)
        if abs(now - sent) > _WINDOW_S:
            raise TimestampExpired(
                f"The timestamp {proof.timestamp} is more than 15 minutes off this server's clock, {_spell(now)}."
            )
        credential = await self._find(proof.access_key_id)
        if credential is None:
            raise AccessKeyNotFound(f"There is no access key {proof.access_key_id[:64]}.")
        if not proof.holds(credential.access_key_secret):
            # An older client crashes unless a colon stands here, and compares what follows with its own string.
            raise SignatureDoesNotMatch(
                f"The signature does not match what this server calculated; server string to sign is:{proof.string_to_sign}"
            )
        self._check_state(credential, proof.security_token, now)
        # Kept for as long as the timestamp stays good, which a clock that runs ahead makes longer than the 15 minutes.
        if not await self._nonces.first(proof.access_key_id, proof.nonce, _WINDOW_S + max(0.0, sent - now) + 1):
            raise SignatureNonceUsed("The SignatureNonce was used before; every request needs a new one.")
        await self._permit(credential, request.action)
        return Caller(credential.account_id, credential.lasting_key_id, temporary=credential.temporary)

    def _check_state(self, credential: Credential, token: str, now: float) -> None:
        """Refuse a key that is shut out, has expired, or comes with another's security token."""
        key_id = credential.access_key_id
        if credential.temporary and not token:
            raise SecurityTokenMissing(f"The temporary key {key_id} came without its security token.")
        if token and not (credential.temporary and self._token_holds(key_id, token)):
            raise SecurityTokenMismatch(f"The security token is not the one of the access key {key_id}.")
        expired = credential.expires_at is not None and credential.expires_at.timestamp() <= now
        if credential.temporary and (expired or not credential.active):
            raise SecurityTokenExpired(f"The temporary key {key_id} has expired or was revoked.")
        if expired or not credential.active:
            raise AccessKeyInactive(f"The access key {key_id} {'has expired' if expired else 'is disabled'}.")


def _read_timestamp(text: str) -> float:
    try:
        if _TIMESTAMP.fullmatch(text):
            return datetime.fromisoformat(text).timestamp()
    except ValueError:
        pass
    raise InvalidParameter(f"The timestamp must be UTC in the form YYYY-MM-DDThh:mm:ssZ, not {text[:40]!r}.")


def _spell(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
