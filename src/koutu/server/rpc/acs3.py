"""ACS3-HMAC-SHA256 signatures: over query, signed headers and the hash of the body."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from koutu.errors import IncompleteSignature
from koutu.server.rpc.percent import canonical_query
from koutu.server.rpc.request import RpcRequest

ALGORITHM = "ACS3-HMAC-SHA256"
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
    return request.headers.get("authorization", "").startswith(ALGORITHM)


def read_authorization(request: RpcRequest) -> Authorization:
    """Take the Authorization header apart.

    Raises:
        IncompleteSignature: a part is absent or comes twice, or a header that has to be signed is not.
    """
    fields: dict[str, str] = {}
    for part in request.headers["authorization"].removeprefix(ALGORITHM).split(","):
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


def string_to_sign(request: RpcRequest, signed_headers: str) -> str:
    """The algorithm's name and the hash of the canonical request."""
    headers = "".join(f"{name}:{request.headers.get(name.lower(), '')}\n" for name in signed_headers.split(";"))
    hashed = request.headers.get("x-acs-content-sha256", "")
    canonical = f"{request.method}\n/\n{canonical_query(request.query.items())}\n{headers}\n{signed_headers}\n{hashed}"
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def sign(secret: str, text: str) -> str:
    """Hex of the HMAC-SHA256 of `text` under the secret."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
