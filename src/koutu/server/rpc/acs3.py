"""ACS3-HMAC-SHA256 signatures: over query, signed headers and the hash of the body."""

import hashlib
import re
from dataclasses import dataclass

from koutu.errors import IncompleteSignature
from koutu.server.rpc.request import RpcRequest
from koutu.signing import ACS3

_FIELD = re.compile(r"\s*(Credential|SignedHeaders|Signature)\s*=\s*([^,\s]*)\s*")
# What may not be changed on the way without the signature's notice, where it is present.
_BOUND = ("host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256",
          "x-acs-security-token", "x-acs-accesskey-id")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authorization:
    """The parts of an Authorization header of this kind."""

    access_key_id: str
    signed_headers: str
    signature: str


def is_acs3(request: RpcRequest) -> bool:
    """Whether the request is signed this way."""
    return request.headers.get("authorization", "").startswith(ACS3)


def read_authorization(request: RpcRequest) -> Authorization:
    """Take the Authorization header apart.

    Raises:
        IncompleteSignature: a part is absent or comes twice, or a header that has to be signed is not.
    """
    fields: dict[str, str] = {}
    for part in request.headers["authorization"].removeprefix(ACS3).split(","):
        match = _FIELD.fullmatch(part)
        if match is None or match[1] in fields:
            raise IncompleteSignature(
                "Authorization cannot be read: it has Credential, SignedHeaders and Signature, once each."
            )
        fields[match[1]] = match[2]
    for name in ("Credential", "SignedHeaders", "Signature"):
        if not fields.get(name):
            raise IncompleteSignature(f"Authorization lacks {name}.")
    signed = fields["SignedHeaders"].lower().split(";")
    for name in _BOUND:
        if name in request.headers and name not in signed:
            raise IncompleteSignature(f"The header {name} has to be among the SignedHeaders.")
    return Authorization(fields["Credential"], fields["SignedHeaders"], fields["Signature"])


def body_hash(request: RpcRequest) -> str:
    """Hex of the SHA-256 of the raw body."""
    return hashlib.sha256(request.body).hexdigest()
