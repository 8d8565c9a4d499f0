"""Who is signed in: a sealed cookie, so any server of a cluster can read it and none has to remember it."""

import base64
import hashlib
import hmac
import json
import secrets as random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from starlette.requests import Request
from starlette.responses import Response

from koutu.server.accounts.credentials import Credential
from koutu.server.clock import Clock

COOKIE = "koutu_console"
SESSION_SECONDS = 8 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in visitor.

    Attributes:
        access_key_id: the key that was signed in with; empty for the admin token.
        account_id: the key's account; None = the administrator, who sees every account.
        csrf: what every form and every call of this session has to carry.
    """

    access_key_id: str
    account_id: int | None
    csrf: str

    @property
    def admin(self) -> bool:
        """Whether this is the administrator."""
        return self.account_id is None


class Sessions:
    """Opens, reads and ends sessions. A session ends with its key: disabled, with another secret, or past its time.

    Args:
        secret: 32 bytes that cookies are sealed under.
        find: looks an access key up; blocks.
        admin_token: the administrator's token; empty = nobody signs in as administrator.
        clock: what keys end by.
    """

    def __init__(self, secret: bytes, find: Callable[[str], Credential | None], admin_token: str, clock: Clock) -> None:
        self._box = Fernet(base64.urlsafe_b64encode(secret))
        self._find = find
        self._admin_token = admin_token
        self._clock = clock

    def sign_in(self, access_key_id: str, secret: str) -> str | None:
        """The cookie of a new session, or None where id and secret do not belong together."""
        credential = self._find(access_key_id)
        if credential is None or not _same(credential.access_key_secret, secret):
            return None
        return self._seal(access_key_id, secret) if usable(credential, self._clock()) else None

    def sign_in_admin(self, token: str) -> str | None:
        """The cookie of a new administrator's session, or None where the token is not the administrator's."""
        return self._seal("", token) if self._admin_token and _same(self._admin_token, token) else None

    def read(self, request: Request) -> Session | None:
        """The session of a request, or None."""
        sealed = request.cookies.get(COOKIE, "")
        try:
            document = json.loads(self._box.decrypt(sealed.encode(), ttl=SESSION_SECONDS))
        except (InvalidToken, UnicodeEncodeError):
            return None
        access_key_id, print_, csrf = document["key"], document["print"], document["csrf"]
        if not access_key_id:
            good = bool(self._admin_token) and _same(print_, _fingerprint(self._admin_token))
            return Session("", None, csrf) if good else None
        credential = self._find(access_key_id)
        if (
            credential is None
            or not usable(credential, self._clock())
            or not _same(print_, _fingerprint(credential.access_key_secret))
        ):
            return None
        return Session(access_key_id, credential.account_id, csrf)

    def _seal(self, access_key_id: str, secret: str) -> str:
        document = {"key": access_key_id, "print": _fingerprint(secret), "csrf": random.token_urlsafe(24)}
        return self._box.encrypt(json.dumps(document).encode()).decode()


def keep(response: Response, request: Request, cookie: str) -> None:
    """Hand a session's cookie to the browser."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=SESSION_SECONDS,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def drop(response: Response) -> None:
    """Take the session's cookie from the browser."""
    response.delete_cookie(COOKIE, path="/console", httponly=True, samesite="lax")


def usable(credential: Credential, now: datetime) -> bool:
    """Whether the console may call with a key: a temporary one lacks its token here."""
    over = credential.expires_at is not None and credential.expires_at <= now
    return credential.active and not over and not credential.temporary


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(b"koutu console\n" + secret.encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
