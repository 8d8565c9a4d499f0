"""What a request offers as a proof of who sent it, whichever way it is signed."""

import hmac
from dataclasses import dataclass

from koutu.errors import IncompleteSignature, InvalidParameter, MissingParameter, SignatureDoesNotMatch, UnsupportedOperation
from koutu.server.rpc import acs3, rpc_v1
from koutu.server.rpc.request import RpcRequest


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim to be checked.

    Attributes:
        access_key_id: whose key it claims to be.
        nonce: never twice for one key.
        timestamp: the caller's clock, as it came.
        string_to_sign: what this side signs.
        signature: what the caller sent.
        modern: ACS3 rather than RPC version 1.0.
    """

    access_key_id: str
    nonce: str
    timestamp: str
    string_to_sign: str
    signature: str
    modern: bool

    def holds(self, secret: str) -> bool:
        """Whether the signature was made with this secret; takes the same time whatever was sent."""
        sign = acs3.sign if self.modern else rpc_v1.sign
        return hmac.compare_digest(sign(secret, self.string_to_sign).encode(), self.signature.encode())


def read_proof(request: RpcRequest) -> Proof:
    """Find the proof in a request.

    Raises:
        MissingParameter, IncompleteSignature: a part of it is absent.
        SignatureDoesNotMatch: the body is not the one that was signed.
        InvalidParameter: it is of a kind that does not exist.
        UnsupportedOperation: it is a temporary credential, which this server does not give out.
    """
    _refuse_temporary(request)
    return _acs3_proof(request) if acs3.is_acs3(request) else _rpc_proof(request)


def _refuse_temporary(request: RpcRequest) -> None:
    params = request.params
    if request.headers.get("x-acs-bearer-token") or params.get("BearerToken") or params.get("SignatureType") == "BEARERTOKEN":
        raise UnsupportedOperation("Bearer tokens are not accepted here; sign with an access key.")
    if request.headers.get("x-acs-security-token") or params.get("SecurityToken"):
        raise UnsupportedOperation("Temporary credentials (a security token) are not accepted here; sign with an access key.")


def _acs3_proof(request: RpcRequest) -> Proof:
    authorization = acs3.read_authorization(request)
    for name in ("host", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"):
        if not request.headers.get(name):
            raise MissingParameter(f"The header {name} is required with {acs3.ALGORITHM} and is absent.")
    if not hmac.compare_digest(request.headers["x-acs-content-sha256"].lower().encode(), acs3.body_hash(request).encode()):
        raise SignatureDoesNotMatch(
            "x-acs-content-sha256 is not the SHA-256 of the body that came, which is to be in the string to sign:"
            + acs3.body_hash(request)
        )
    return Proof(
        access_key_id=authorization.access_key_id,
        nonce=request.headers["x-acs-signature-nonce"],
        timestamp=request.headers["x-acs-date"],
        string_to_sign=acs3.string_to_sign(request, authorization.signed_headers),
        signature=authorization.signature.lower(),
        modern=True,
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
        modern=False,
    )
