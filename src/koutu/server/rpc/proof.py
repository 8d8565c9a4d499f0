"""What a request offers as a proof of who sent it, whichever way it is signed."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from koutu.errors import IncompleteSignature, InvalidParameter, MissingParameter, SignatureDoesNotMatch
from koutu.server.rpc import acs3, bearer, rpc_v1
from koutu.server.rpc.request import RpcRequest
from koutu.signing import ACS3, acs3_signature, acs3_string_to_sign


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim to be checked.

    Attributes:
        access_key_id: whose key it claims to be.
        nonce: never twice for one key.
        timestamp: the caller's clock, as it came.
        string_to_sign: what this side signs.
        signature: what the caller sent.
        security_token: what a temporary key comes with; "" where none came.
        sign: how this side signs: called with the secret and the string.
    """

    access_key_id: str
    nonce: str
    timestamp: str
    string_to_sign: str
    signature: str
    sign: Callable[[str, str], str]
    security_token: str = ""

    def holds(self, secret: str) -> bool:
        """Whether the signature was made with this secret; takes the same time whatever was sent."""
        return hmac.compare_digest(self.sign(secret, self.string_to_sign).encode(), self.signature.encode())


def read_proof(request: RpcRequest) -> Proof:
    """Find the proof in a request.

    Raises:
        MissingParameter, IncompleteSignature: a part of it is absent.
        SignatureDoesNotMatch: the body is not the one that was signed.
        InvalidParameter: it is of a kind that does not exist.
    """
    token = bearer.find_token(request)
    if token is not None:
        return _bearer_proof(request, token)
    return _acs3_proof(request) if acs3.is_acs3(request) else _rpc_proof(request)


def _bearer_proof(request: RpcRequest, token: str) -> Proof:
    access_key_id, dot, mac = token.rpartition(".")
    if not (access_key_id and dot and mac):
        raise IncompleteSignature(
            "The bearer token is absent or is none of this server's; koutu keys token prints a key's token."
        )
    return Proof(
        access_key_id=access_key_id,
        nonce=_either(request, "x-acs-signature-nonce", "SignatureNonce"),
        timestamp=_either(request, "x-acs-date", "Timestamp"),
        string_to_sign=bearer.string_to_sign(access_key_id),
        signature=mac,
        sign=bearer.sign,
    )


def _either(request: RpcRequest, header: str, parameter: str) -> str:
    value = request.headers.get(header) or request.params.get(parameter, "")
    if not value:
        raise MissingParameter(f"{parameter}, or the header {header}, is required and is absent or empty.")
    return value


def _acs3_proof(request: RpcRequest) -> Proof:
    authorization = acs3.read_authorization(request)
    for name in ("host", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"):
        if not request.headers.get(name):
            raise MissingParameter(f"The header {name} is required with {ACS3} and is absent.")
    if not hmac.compare_digest(request.headers["x-acs-content-sha256"].lower().encode(), acs3.body_hash(request).encode()):
        raise SignatureDoesNotMatch(
            "x-acs-content-sha256 is not the SHA-256 of the body that came, which is to be in the string to sign:"
            + acs3.body_hash(request)
        )
    return Proof(
        access_key_id=authorization.access_key_id,
        nonce=request.headers["x-acs-signature-nonce"],
        timestamp=request.headers["x-acs-date"],
        string_to_sign=acs3_string_to_sign(
            request.method, request.query.items(), request.headers, authorization.signed_headers
        ),
        signature=authorization.signature.lower(),
        sign=acs3_signature,
        security_token=request.headers.get("x-acs-security-token", ""),
    )


def _rpc_proof(request: RpcRequest) -> Proof:
    params = request.params
    for name in ("AccessKeyId", "SignatureNonce", "Timestamp"):
        if not params.get(name):
            raise MissingParameter(f"{name} is required and is absent or empty.")
    if not params.get("Signature"):
        raise IncompleteSignature("Signature is absent or empty.")
    if params.get("SignatureMethod", "HMAC-SHA1").upper() != "HMAC-SHA1":
        raise InvalidParameter(f"SignatureMethod must be HMAC-SHA1, not {params['SignatureMethod'][:40]!r}.")
    if params.get("SignatureVersion", "1.0") != "1.0":
        raise InvalidParameter(f"SignatureVersion must be 1.0, not {params['SignatureVersion'][:40]!r}.")
    return Proof(
        access_key_id=params["AccessKeyId"],
        nonce=params["SignatureNonce"],
        timestamp=params["Timestamp"],
        string_to_sign=rpc_v1.string_to_sign(request),
        signature=params["Signature"],
        sign=rpc_v1.sign,
        security_token=params.get("SecurityToken", ""),
    )
