"""Bearer tokens: the id of an access key and a MAC under its secret. Whoever holds one may call until the key is disabled."""

import hashlib
import hmac

from koutu.server.rpc.request import RpcRequest


def make_token(access_key_id: str, secret: str) -> str:
    """The token of a key; it is the same every time, and nothing is stored."""
    return f"{access_key_id}.{sign(secret, string_to_sign(access_key_id))}"


def find_token(request: RpcRequest) -> str | None:
    """The token that a request brings along in place of a signature; "" where it says that it does and does not."""
    params = request.params
    token = request.headers.get("x-acs-bearer-token") or params.get("BearerToken", "")
    return token if token or params.get("SignatureType") == "BEARERTOKEN" else None


def string_to_sign(access_key_id: str) -> str:
    """What a token's MAC is of."""
    return f"koutu bearer token of {access_key_id}"


def sign(secret: str, text: str) -> str:
    """Hex of the HMAC-SHA256 of `text` under the secret."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
