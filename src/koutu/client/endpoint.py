"""Signed calls to one endpoint over HTTP; what comes back is the answer's JSON or a typed error."""

import datetime
import hashlib
import ipaddress
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.filepost import encode_multipart_formdata

from koutu.errors import (
    ImageDownload,
    InternalError,
    InvalidParameter,
    KoutuError,
    ServiceUnavailable,
    Throttling,
    Timeout,
    Transfer,
    from_wire,
)
from koutu.signing import ACS3, acs3_signature, acs3_string_to_sign

_RETRY_SECONDS = 0.5


class Endpoint:
    """A server's address and an access key to it. Thread-safe; connections are kept.

    Args:
        address: `host`, `host:port` or a URL; a bare host is called over https, one of this machine or of a private network
            over http.
        key_id, secret: the access key.
        timeout: seconds that one answer may take.
        retries: how often a call that the server turned away as too busy is made again.
        ca_certs: a file of certificates to trust instead of the system's.
    """

    def __init__(
        self, address: str, key_id: str, secret: str, *, timeout: float, retries: int, ca_certs: str | None = None
    ) -> None:
        self.base = _base(address)
        self.host = urlsplit(self.base).netloc
        self._key_id = key_id
        self._secret = secret
        self._retries = retries
        self._timeout = urllib3.Timeout(connect=min(10.0, timeout), read=timeout)
        self._pool = _pool(self.base, ca_certs)

    def call(self, action: str, version: str, params: Mapping[str, str], *, method: str = "POST") -> dict[str, Any]:
        """Make a signed call.

        Raises:
            KoutuError: what the server answered with, as its class; the RequestId is among its notes.
            ServiceUnavailable: the server cannot be reached.
            Timeout: it did not answer in time.
        """
        for attempt in range(self._retries + 1):
            try:
                return self._call_once(action, version, params, method)
            except (Throttling, ServiceUnavailable):
                if attempt == self._retries:
                    raise
                time.sleep(_RETRY_SECONDS * 2**attempt)
        raise AssertionError("the last attempt either answers or raises")

    def post_file(self, url: str, fields: Mapping[str, str], name: str, data: bytes) -> None:
        """Post a form with a file as its last field.

        Raises:
            Transfer: the file was not taken.
        """
        form: list[tuple[str, str | tuple[str, bytes, str]]] = [*fields.items(), ("file", (name, data, ""))]
        body, content_type = encode_multipart_formdata(form)
        answer = self._request("POST", url, body, {"Content-Type": content_type})
        if answer.status not in (200, 201, 204):
            raise Transfer(f"The upload was refused with status {answer.status}: {_brief(answer.data)}")

    def download(self, url: str) -> bytes:
        """Fetch a picture.

        Raises:
            ImageDownload: it is not there.
        """
        answer = self._request("GET", url, None, {})
        if answer.status != 200:
            raise ImageDownload(f"{url.partition('?')[0]} answered with status {answer.status}: {_brief(answer.data)}")
        return answer.data

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.clear()

    def _call_once(self, action: str, version: str, params: Mapping[str, str], method: str) -> dict[str, Any]:
        query = urlencode(params, encoding="utf-8")
        headers = self._signed_headers(method, action, version, params)
        answer = self._request(method, f"{self.base}/?{query}" if query else f"{self.base}/", None, headers)
        try:
            content = json.loads(answer.data)
            if not isinstance(content, dict):
                raise ValueError
        except ValueError:
            raise _not_spoken(self.base, answer.status, answer.data) from None
        if answer.status >= 400 or ("Code" in content and "Data" not in content):
            error = from_wire(str(content.get("Code", "InternalError")), str(content.get("Message", "")))
            error.add_note(f"RequestId {content.get('RequestId', 'absent')}")
            raise error
        return content

    def _signed_headers(self, method: str, action: str, version: str, params: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "host": self.host,
            "x-acs-action": action,
            "x-acs-version": version,
            "x-acs-date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }
        names = ";".join(sorted(headers))
        signature = acs3_signature(self._secret, acs3_string_to_sign(method, params.items(), headers, names))
        credential = f"Credential={self._key_id},SignedHeaders={names},Signature={signature}"
        return headers | {"authorization": f"{ACS3} {credential}", "accept": "application/json"}

    def _request(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        where = urlsplit(url).netloc
        try:
            # A connection that was never made may be tried again; a call that was sent may not: it is metered once worked on.
            retry = urllib3.Retry(total=None, connect=self._retries, read=0, status=0, redirect=3, backoff_factor=0.2)
            return self._pool.request(
                method, url, body=body, headers=dict(headers), timeout=self._timeout, retries=retry, redirect=method == "GET"
            )
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.ReadTimeoutError) as error:
            raise Timeout(f"{where} did not answer in time.") from error
        except urllib3.exceptions.HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise ServiceUnavailable(f"{where} cannot be reached: {reason}") from error


def _pool(base: str, ca_certs: str | None) -> urllib3.PoolManager:
    parts = urlsplit(base)
    options: dict[str, Any] = {"maxsize": 16}
    if ca_certs is not None:
        options |= {"cert_reqs": "CERT_REQUIRED", "ca_certs": ca_certs}
    proxy = getproxies().get(parts.scheme)
    if proxy and not _private(parts.hostname or "") and not proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy, **options)
    return urllib3.PoolManager(**options)


def _base(address: str) -> str:
    """The address with its scheme, without a slash at its end."""
    text = address.strip()
    if "://" not in text:
        host = urlsplit(f"//{text}").hostname or ""
        text = f"{'http' if _private(host) else 'https'}://{text}"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise InvalidParameter(f"{address!r} is no endpoint: it is a host, host:port, or http(s)://host:port.")
    return text.removesuffix("/")


def _private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _not_spoken(base: str, status: int, data: bytes) -> KoutuError:
    return InternalError(f"{base} does not speak the imageseg API: status {status}, {_brief(data)}")


def _brief(data: bytes) -> str:
    return " ".join(data[:300].decode(errors="replace").split()) or "an empty answer"
