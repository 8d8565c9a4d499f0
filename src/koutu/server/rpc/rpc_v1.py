"""RPC signatures, version 1.0: HMAC-SHA1 over the sorted parameters."""

import base64
import hashlib
import hmac

from koutu.server.rpc.request import RpcRequest
from koutu.signing import canonical_query, enc


def string_to_sign(request: RpcRequest) -> str:
    """`METHOD&%2F&` and the encoded canonical query of every parameter but the signature itself."""
    pairs = [(key, value) for key, value in request.params.items() if key != "Signature"]
    return f"{request.method}&%2F&{enc(canonical_query(pairs))}"


def sign(secret: str, text: str) -> str:
    """Base64 of the HMAC-SHA1 of `text` under the secret followed by &."""
    # SHA-1 is what the wire asks for; as an HMAC it is not broken.
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()
