"""Signed headers of the newer kind: changed, absent, of one's own making."""

from typing import Any

import pytest
import wire
from refusals import PHOTO, check, short

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"x_acs_date": None}, ("MissingParameter",)),
        ({"x_acs_signature_nonce": None}, ("MissingParameter",)),
        ({"x_acs_content_sha256": None}, ("MissingParameter",)),
        ({"x_acs_action": None}, ("MissingParameter",)),
        ({"x_acs_version": None}, ("MissingParameter",)),
        ({"x_acs_version": "2018-01-01"}, ("InvalidVersion",)),
        ({"x_acs_action": "Nothing"}, ("InvalidAction.NotFound",)),
        ({"x_acs_date": "yesterday"}, ("InvalidParameter",)),
        ({"x_acs_date": "2000-01-01T00:00:00Z"}, ("InvalidTimeStamp.Expired",)),
        ({"x_acs_content_sha256": "0" * 64}, ("SignatureDoesNotMatch",)),
        ({"x_acs_content_sha256": "UNSIGNED-PAYLOAD"}, ("SignatureDoesNotMatch",)),
    ],
)
def test_newer_signatures(watched: Any, changes: dict[str, str | None], codes: tuple[str, ...]) -> None:
    host = f"127.0.0.1:{watched.port}"
    headers = wire.acs3_headers(watched.key, "SegmentCommonImage", host, {"ImageURL": PHOTO}, **changes)
    check(watched.client.post("/", params={"ImageURL": PHOTO}, headers=headers), *codes)


@pytest.mark.parametrize(
    "authorization",
    [
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
        "ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=c",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;host;host,Signature=c",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=" + "host;" * 3000 + ",Signature=c",
        "ACS3-HMAC-SHA256 Signature=c",
        "ACS3-RSA-SHA256 Credential=a,SignedHeaders=host,Signature=c",
        "Basic YTpi",
        "Bearer token",
        "AWS4-HMAC-SHA256 Credential=a/b,SignedHeaders=host,Signature=c",
    ],
    ids=short,
)
def test_authorization_headers(watched: Any, authorization: str) -> None:
    host = f"127.0.0.1:{watched.port}"
    headers = wire.acs3_headers(watched.key, "SegmentCommonImage", host, {})
    check(watched.client.post("/", headers={**headers, "authorization": authorization}))


@pytest.mark.parametrize("unsigned", ["host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"])
def test_a_header_left_unsigned_is_not_believed(watched: Any, unsigned: str) -> None:
    host = f"127.0.0.1:{watched.port}"
    whole = wire.acs3_headers(watched.key, "SegmentCommonImage", host, {})
    signed = wire.acs3_headers(watched.key, "SegmentCommonImage", host, {}, leave_out=(unsigned,))
    check(
        watched.client.post("/", headers={**signed, unsigned: whole[unsigned]}), "IncompleteSignature", "SignatureDoesNotMatch"
    )
