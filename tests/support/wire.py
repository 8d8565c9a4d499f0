"""Signs requests as clients do, from nothing but the specification."""

import base64
import datetime
import hashlib
import hmac
import uuid
from urllib.parse import quote, urlencode


def enc(text: str) -> str:
    return quote(text, safe="-_.~")


def canonical(params: dict[str, str]) -> str:
    return "&".join(f"{enc(key)}={enc(value)}" for key, value in sorted(params.items()))


def now(offset: float = 0) -> str:
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=offset)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def common(key: dict[str, str], action: str, **changes: str | None) -> dict[str, str]:
    """The common parameters of an RPC call; a change to None leaves one out."""
    params: dict[str, str | None] = {
        "Action": action,
        "Version": "2019-12-30",
        "AccessKeyId": key["access_key_id"],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": now(),
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


def sign_rpc(key: dict[str, str], params: dict[str, str], method: str = "POST") -> dict[str, str]:
    """The parameters with their signature."""
    text = f"{method}&%2F&{enc(canonical(params))}"
    digest = hmac.new(f"{key['access_key_secret']}&".encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()
    return {**params, "Signature": base64.b64encode(digest).decode()}


def rpc_query(key: dict[str, str], action: str, method: str = "POST", **params: str | None) -> str:
    """The query of a signed call."""
    return urlencode(sign_rpc(key, common(key, action, **params), method))


def acs3_headers(
    key: dict[str, str],
    action: str,
    host: str,
    query: dict[str, str],
    *,
    method: str = "POST",
    body: bytes = b"",
    leave_out: tuple[str, ...] = (),
    **changes: str | None,
) -> dict[str, str]:
    """The headers of a signed ACS3 call; a change to None, or `leave_out`, leaves headers out before signing."""
    headers: dict[str, str | None] = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": "2019-12-30",
        "x-acs-date": now(),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    present = {name: value for name, value in headers.items() if value is not None and name not in leave_out}
    names = sorted(present)
    lines = "".join(f"{name}:{present[name].strip()}\n" for name in names)
    signed = ";".join(names)
    request = f"{method}\n/\n{canonical(query)}\n{lines}\n{signed}\n{present.get('x-acs-content-sha256', '')}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key["access_key_secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={key['access_key_id']},SignedHeaders={signed},Signature={signature}"
    return {**present, "authorization": f"ACS3-HMAC-SHA256 {credential}"}
