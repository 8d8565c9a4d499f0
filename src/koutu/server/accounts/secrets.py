"""The server's own secret, and what is derived from it.

The root secret lives outside the database: in KOUTU_SECRET_KEY, or in `secret.key` (mode 0600) in the data folder. Whoever
holds a copy of the database alone can neither read access key secrets nor sign links.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from koutu.errors import EnvironmentFault
from koutu.server.data_folder import data_folder
from koutu.settings import Settings

_NONCE_BYTES = 12


class Secrets:
    """Keys derived from one root secret, and the box that access key secrets are kept in."""

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._box = AESGCM(self.derive("access-key-secrets"))

    def derive(self, purpose: str) -> bytes:
        """32 bytes that stand for `purpose` alone (HKDF-SHA256, RFC 5869)."""
        return HKDF(algorithm=SHA256(), length=32, salt=b"koutu", info=purpose.encode()).derive(self._root)

    def seal(self, access_key_id: str, secret: str) -> bytes:
        """Encrypt a secret so that it opens for this access key id alone (AES-256-GCM)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, secret.encode(), access_key_id.encode())

    def open(self, access_key_id: str, sealed: bytes) -> str:
        """Decrypt what `seal` made.

        Raises:
            EnvironmentFault: it was sealed under another root secret or for another id.
        """
        try:
            return self._box.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], access_key_id.encode()).decode()
        except InvalidTag:
            raise EnvironmentFault("The server's secret key is not the one that this access key was stored under.") from None


def open_secrets(settings: Settings) -> Secrets:
    """The secrets of this installation; the first call makes `secret.key` where no setting names one.

    Raises:
        EnvironmentFault: the setting or the file does not hold 32 bytes in base64.
    """
    if settings.secret_key:
        return Secrets(_decode(settings.secret_key, "KOUTU_SECRET_KEY"))
    path = data_folder(settings) / "secret.key"
    if not path.exists():
        _create(path)
    return Secrets(_decode(path.read_text(encoding="ascii"), str(path)))


def _create(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(base64.b64encode(os.urandom(32)) + b"\n")
    try:
        # A link appears whole or not at all, and never replaces what another process made first.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _decode(text: str, origin: str) -> bytes:
    try:
        root = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        root = b""
    if len(root) != 32:
        raise EnvironmentFault(f"{origin} must hold 32 random bytes in base64.")
    return root
