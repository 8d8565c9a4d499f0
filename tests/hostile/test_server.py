"""Hundreds of bad requests at a live server: each gets a clear refusal, and nothing is left behind."""

import base64
import json
import re
import socket
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
import wire
from hostile_files import GROUPS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koutu.contract import ACTIONS, ERRORS

pytestmark = pytest.mark.long

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
PHOTO = "http://example.invalid/a.jpg"
BUCKET_CODES = {
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidArgument",
    "MalformedPOSTRequest",
    "EntityTooLarge",
    "NoSuchKey",
    "InvalidRange",
}


def short(value: object) -> str:
    """A test's id for a value of any length."""
    return ascii(value)[1:40]


def check(answer: httpx.Response, *codes: str) -> None:
    """A clear refusal: a known code with its own status, a message, a request id, and nothing of the inside."""
    text = answer.text
    assert 400 <= answer.status_code < 500, (answer.status_code, text[:500])
    for inside in ("Traceback", "site-packages", "/tmp/", "/root", " object at 0x", "sqlite"):
        assert inside not in text, text[:500]
    if "json" in answer.headers["content-type"]:
        body = answer.json()
    else:
        body = {child.tag: child.text or "" for child in ET.fromstring(text)}
    assert body["Message"]
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", body["RequestId"])
    if "x-oss-request-id" in answer.headers:
        assert body["Code"] in BUCKET_CODES, body
    else:
        assert answer.status_code == ERRORS[body["Code"]].status
    assert not codes or body["Code"] in codes, body


# Who and what

COMMON = ["Action", "Version", "AccessKeyId", "SignatureNonce", "Timestamp"]
BAD_VALUES: dict[str, list[str]] = {
    "Action": [
        "",
        "segmentbody",
        "NoSuchAction",
        "../../etc/passwd",
        "SegmentBody\n",
        "\u0661",
        "<script>",
        "A" * 5000,
        "__init__",
    ],
    "Version": ["", "2019-12-31", "2019-12-19", "2023-01-17", "1.0", "x" * 5000, "２０１９-12-30"],
    "AccessKeyId": ["", "nobody", "' OR 1=1 --", "x" * 5000, "键", "\x7f", "%00", "../secret.key"],
    "SignatureMethod": ["HMAC-SHA256", "none", "MD5", "x" * 3000],
    "SignatureVersion": ["2.0", "1", "x"],
    "Timestamp": [
        "",
        "now",
        "0",
        "2019-12-30T00:00:00Z",
        "2099-01-01T00:00:00Z",
        "9999-99-99T99:99:99Z",
        "0000-00-00T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "٢٠٢٦-11-22T00:00:00Z",
        "2026-11-22T00:00:00+00:00",
        "1e309",
        "-1",
    ],
    "SignatureNonce": ["", "x" * 100_000],
}


@pytest.mark.parametrize("spelling", ["JSON", "XML", "xml", "None"])
@pytest.mark.parametrize("absent", [*COMMON, "Signature"])
def test_what_is_absent(watched: Any, absent: str, spelling: str) -> None:
    params = wire.common(
        watched.key, "SegmentBody", Format=spelling, ImageURL=PHOTO, **({absent: None} if absent in COMMON else {})
    )
    signed = params if absent == "Signature" else wire.sign_rpc(watched.key, params)
    answer = watched.client.post("/", params=signed)
    check(answer, "MissingParameter", "IncompleteSignature")
    assert ("xml" in answer.headers["content-type"]) == (spelling.upper() == "XML")


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD_VALUES.items() for value in values], ids=short
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_wrong(watched: Any, name: str, value: str, method: str) -> None:
    query = wire.rpc_query(watched.key, "SegmentCommonImage", method, ImageURL=PHOTO, **{name: value})
    if len(query) > 50_000 and method == "GET":
        check(watched.client.post("/", content=query, headers=FORM))
    else:
        check(
            watched.client.request(
                method,
                "/?" + query if len(query) < 50_000 else "/",
                content=query if len(query) >= 50_000 else None,
                headers=FORM,
            )
        )


@pytest.mark.parametrize(
    "signature", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "密", "\ufeff", "A" * 100_000, "====", "\x01"], ids=short
)
def test_signatures(watched: Any, signature: str) -> None:
    params = wire.common(watched.key, "SegmentCommonImage", ImageURL=PHOTO)
    answer = watched.client.post("/", data={**params, "Signature": signature})
    check(answer, "SignatureDoesNotMatch", "IncompleteSignature", "InvalidParameter")
    if "SignatureDoesNotMatch" in answer.text:
        assert ":" in answer.json()["Message"]


def test_a_request_is_taken_once(watched: Any) -> None:
    query = wire.rpc_query(watched.key, "GetAsyncJobResult", JobId=str(uuid.uuid4()).upper())
    check(watched.client.post("/?" + query), "InvalidParameter")
    check(watched.client.post("/?" + query), "SignatureNonceUsed")
    check(watched.client.post("/", content=query, headers=FORM), "SignatureNonceUsed")


@pytest.mark.parametrize("change", ["ImageURL", "ReturnForm", "Action", "Extra"])
def test_a_signed_request_cannot_be_changed(watched: Any, change: str) -> None:
    params = wire.sign_rpc(watched.key, wire.common(watched.key, "SegmentCommonImage", ImageURL=PHOTO, ReturnForm="mask"))
    params[change] = "SegmentCommodity" if change == "Action" else "changed"
    check(watched.client.post("/", params=params), "SignatureDoesNotMatch")


# Encodings

BODIES: dict[str, tuple[bytes, str]] = {
    "invalid UTF-8": (b"Action=%FF%FE&Version=\xff", "application/x-www-form-urlencoded"),
    "NUL": (b"Action=Segment%00Body&Version=2019-12-30", "application/x-www-form-urlencoded"),
    "broken percent": (b"Action=%&Version=%4&x=%zz", "application/x-www-form-urlencoded"),
    "2000 parameters": (b"&".join(b"a%d=1" % number for number in range(2000)), "application/x-www-form-urlencoded"),
    "one parameter 2000 times": (b"&".join([b"a=1"] * 2000), "application/x-www-form-urlencoded"),
    "a parameter twice": (b"Action=SegmentBody&Action=SegmentSky&Version=2019-12-30", "application/x-www-form-urlencoded"),
    "only separators": (b"&=&=&;;;===", "application/x-www-form-urlencoded"),
    "9 MB": (b"a=" + b"x" * 9_000_000, "application/x-www-form-urlencoded"),
    "JSON of no object": (b"[1,2,3]", "application/json"),
    "JSON string": (b'"Action"', "application/json"),
    "JSON broken": (b'{"Action": ', "application/json"),
    "JSON deep": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "application/json"),
    "JSON nested lists": (b'{"a":' + b"[" * 1000 + b"]" * 1000 + b"}", "application/json"),
    "JSON NaN": (b'{"Action": NaN, "Version": Infinity}', "application/json"),
    "JSON huge number": (b'{"Action": 1' + b"0" * 10_000 + b"}", "application/json"),
    "JSON surrogate": (b'{"Action": "\\ud800", "Version": "2019-12-30"}', "application/json"),
    "JSON NUL": (b'{"Action": "a\\u0000b"}', "application/json"),
    "JSON twice": (b'{"Action": "a", "Action": "b"}', "application/json"),
    "JSON in UTF-16": ('{"Action": "SegmentBody"}'.encode("utf-16"), "application/json"),
    "JSON with a mark": (b"\xef\xbb\xbf{}", "application/json"),
    "JSON keys 100000": (json.dumps({str(number): 1 for number in range(100_000)}).encode(), "application/json"),
    "XML": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "application/xml"),
    "text": (b"hello", "text/plain"),
    "pickle": (b"\x80\x04\x95", "application/octet-stream"),
    "no type": (b"Action=SegmentBody", ""),
    "odd type": (b"Action=SegmentBody", "a" * 3000),
    "form in another charset": ("Action=体".encode("gbk"), "application/x-www-form-urlencoded; charset=gbk"),
    "gzip that is none": (b"\x1f\x8b" + b"\0" * 50, "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies(watched: Any, name: str) -> None:
    data, kind = BODIES[name]
    check(watched.client.post("/", content=data, headers={"Content-Type": kind} if kind else {}))


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "%FF",
        "a=%00",
        "&&&",
        "=",
        "a" * 60_000,
        "Action=SegmentBody&Action=x",
        "Format=XML&Action=%F0%9F",
        "Format=XML&Format=JSON",
        "Action[]=SegmentBody",
        "Action.1=SegmentBody",
        ";",
        "?" * 500,
    ],
    ids=short,
)
def test_queries(watched: Any, query: str) -> None:
    answer = watched.client.post("/?" + query)
    if answer.headers.get("content-type", "").startswith("text/plain"):
        assert answer.status_code in (400, 414, 431)  # longer than the HTTP server reads
    else:
        check(answer)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/errors/InternalError", "/results/a.png"], ids=short)
def test_methods(watched: Any, method: str, path: str) -> None:
    assert watched.client.request(method, path).status_code < 500


# Newer signatures


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


# Parameters and urls

URLS = [
    "",
    " ",
    "photo.jpg",
    "/etc/passwd",
    "file:///etc/passwd",
    "ftp://example.com/a",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1/",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http://",
    "http:///",
    "http://?",
    "http://#",
    "http://:80",
    "http://.",
    "http://..",
    "http://[",
    "http://[]",
    "http://[::",
    "http://[::1",
    "http://a:b@127.0.0.1/",
    "http://127.0.0.1",
    "http://127.0.0.1:22/",
    "http://localhost/",
    "http://localhost.localdomain/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/healthz",
    "http://http://127.0.0.1:{port}/healthz",
    "https://https://127.0.0.1/",
    "http://127.0.0.1:{port}/upload/" + "0" * 32 + "/" + "0" * 32,
    "http://127.0.0.1:{port}/upload/../koutu.db",
    "http://127.0.0.1:{port}/results/2026-11-22/x.png?Expires=1&OSSAccessKeyId=koutu-links&Signature=x",
    "http://example.com/中.jpg",
    "http://例子.com/",
    "http://exa mple.com/",
    "http://example.com/\r\nX: y",
    "http://example.com/\t",
    "http://example.com\\@127.0.0.1/",
    "http://example.com:99999/",
    "http://example.com:-1/",
    "http://example.com:٨٠/",
    "http://１２７.0.0.1/",
    "http://" + "a" * 300 + ".com/",
    "http://" + "a." * 2000 + "com/",
    "http://example.com/" + "a" * 100_000,
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.example.com/",
    "http://{host}/absent.jpg",
    "http://{host}/../../etc/passwd",
    "http://0x7f000001:{port}/",
    "hTTp://LOCALHOST/",
    "http://localhost%2f/",
    "//127.0.0.1/",
]


@pytest.mark.parametrize("url", URLS, ids=short)
@pytest.mark.parametrize("form", [False, True])
def test_urls(watched: Any, url: str, form: bool) -> None:
    given = url.replace("{port}", str(watched.port)).replace("{host}", watched.photo_host)
    query = wire.rpc_query(watched.key, "SegmentCommonImage", ImageURL=given)
    if form or len(query) > 50_000:
        answer = watched.client.post("/", content=query, headers=FORM)
    else:
        answer = watched.client.post("/?" + query)
    check(
        answer,
        "MissingImageURL",
        "InvalidImage.URL",
        "IllegalUrlParameter",
        "InvalidImage.Unsafe",
        "InvalidImage.Download",
        "InvalidParameter",
    )


@pytest.mark.parametrize("action", list(ACTIONS))
@pytest.mark.parametrize("given", ["", None])
def test_every_action_without_its_parameters(watched: Any, action: str, given: str | None) -> None:
    names = {parameter.name: given for parameter in ACTIONS[action].params.values()}
    check(
        watched.client.post("/?" + wire.rpc_query(watched.key, action, **names)),
        "MissingImageURL",
        "MissingParameter",
        "InvalidApi.OutOfService",
    )


@pytest.mark.parametrize(
    "job",
    [
        "",
        "x",
        "../../",
        "' OR ''='",
        "%",
        "A" * 50_000,
        "\u202e",
        str(uuid.UUID(int=0)),
        str(uuid.UUID(int=0)).upper(),
        "{}",
        "null",
    ],
    ids=short,
)
@pytest.mark.parametrize("version", ["2019-12-30", "2023-01-17"])
def test_jobs_that_are_none(watched: Any, job: str, version: str) -> None:
    query = wire.rpc_query(watched.key, "GetAsyncJobResult", JobId=job, Version=version)
    check(watched.client.post("/", content=query, headers=FORM), "InvalidParameter", "MissingParameter")


@pytest.mark.parametrize("value", ["yes", "1", "TRUE ", "null", "真", "x" * 5000], ids=short)
def test_values_of_the_wrong_type(watched: Any, value: str) -> None:
    query = wire.rpc_query(watched.key, "SegmentBody", ImageURL=PHOTO, Async=value)
    check(watched.client.post("/", content=query, headers=FORM), "InvalidParameter.Convert", "InvalidApi.OutOfService")


# Links and paths


@pytest.mark.parametrize(
    "path",
    [
        "/koutu.db",
        "/secret.key",
        "/objects/",
        "/results/",
        "/upload/",
        "/..",
        "/../",
        "/../koutu.db",
        "/%2e%2e/koutu.db",
        "/..%2fkoutu.db",
        "/..%5c..%5ckoutu.db",
        "/....//koutu.db",
        "/%252e%252e/koutu.db",
        "//etc/passwd",
        "/%00",
        "/results/%00.png",
        "/results/\u202e.png",
        "/results/" + "a" * 5000,
        "/" + "a/" * 2000,
        "/.git/config",
        "/.env",
        "/errors/",
        "/errors/../../etc/passwd",
        "/errors/%3Cscript%3E",
        "/errors/x%00",
        "/docs",
        "/openapi.json",
        "/metrics",
        "/%FF",
        "/robots.txt",
    ],
    ids=short,
)
def test_paths(watched: Any, path: str) -> None:
    answer = watched.client.get(path)
    assert answer.status_code < 500
    assert "<script>" not in answer.text
    assert "SQLite" not in answer.text
    if answer.status_code == 200:
        assert path.startswith("/errors/") is False or "html" in answer.headers["content-type"]


@pytest.mark.parametrize(
    "expires", ["", "0", "-1", "x", "99999999999999999999", "1e9", "９", "2000000000", "2000000000%00", "NaN"]
)
@pytest.mark.parametrize("signature", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="], ids=short)
def test_links_of_ones_own_making(watched: Any, expires: str, signature: str) -> None:
    query = f"Expires={expires}&OSSAccessKeyId=koutu-links&Signature={quote(signature)}"
    answer = watched.client.get(f"/results/2026-11-22/{uuid.uuid4()}-0.png?{query}")
    assert answer.status_code == 403
    check(answer, "AccessDenied", "SignatureDoesNotMatch")


# Uploads


def grant(watched: Any) -> dict[str, Any]:
    query = wire.rpc_query(
        watched.key, "AuthorizeFileUpload", "GET", Version="2019-12-19", Product="imageseg", RegionId="cn-shanghai"
    )
    answer = watched.client.get("/?" + query)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def upload_fields(granted: dict[str, Any]) -> dict[str, str]:
    return {
        "OSSAccessKeyId": granted["AccessKeyId"],
        "policy": granted["EncodedPolicy"],
        "Signature": granted["Signature"],
        "key": granted["ObjectKey"],
        "success_action_status": "201",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"Signature": "x"},
        {"Signature": None},
        {"policy": None},
        {"policy": base64.b64encode(b"{}").decode()},
        {"policy": "!" * 1000},
        {"policy": "x" * 100_000},
        {"key": None},
        {"key": "upload/../../secret.key"},
        {"key": "results/x.png"},
        {"key": "x" * 10_000},
        {"OSSAccessKeyId": "koutu-links"},
        {"OSSAccessKeyId": None},
    ],
)
def test_uploads_that_were_not_granted(watched: Any, changes: dict[str, str | None]) -> None:
    fields = {name: value for name, value in {**upload_fields(grant(watched)), **changes}.items() if value is not None}
    check(watched.client.post("/", data=fields, files={"file": ("a", b"pixels", "")}))


@pytest.mark.parametrize(
    ("kind", "body"),
    ids=short,
    argvalues=[
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=XX", b""),
        ("multipart/form-data; boundary=XX", b"--XX--"),
        ("multipart/form-data; boundary=XX", b"--XX\r\n" * 10_000),
        ("multipart/form-data; boundary=XX", b"--XX\r\n" + b"a" * 100_000),
        ("multipart/form-data; boundary=XX", b"x" * 5_000_000),
        ("multipart/form-data; boundary=XX", b'--XX\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + b"x" * 1_000_000),
        ("multipart/form-data; boundary=" + "X" * 5000, b"--X"),
        ("multipart/form-data; boundary=XX", b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 500),
        ("multipart/mixed; boundary=XX", b"--XX--"),
    ],
)
def test_forms_that_are_none(watched: Any, kind: str, body: bytes) -> None:
    check(watched.client.post("/", content=body, headers={"Content-Type": kind}))


def test_an_upload_over_its_limit(watched: Any) -> None:
    fields = upload_fields(grant(watched))
    check(watched.client.post("/", data=fields, files={"file": ("a", bytes(41 * 1024 * 1024), "")}), "EntityTooLarge")


# Below http

RAW = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    "nothing": b"",
    "new lines": b"\r\n\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "no version": b"GET / HTTP\r\n\r\n",
    "HTTP/3.7": b"GET / HTTP/3.7\r\nHost: a\r\n\r\n",
    "no host": b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "two hosts": b"POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n",
    "odd host": b"POST / HTTP/1.1\r\nHost: <script>\r\nContent-Length: 0\r\n\r\n",
    "absolute": b"POST http://169.254.169.254/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "connect": b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    "huge length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nx",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "huge chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    "odd coding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "huge header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "header without colon": b"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n",
    "NUL in header": b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
    "space in name": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "upgrade": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "h2 upgrade": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "expect": b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    "pipeline": b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 100,
    "broken body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    "long line": b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_below_http(watched: Any, name: str) -> None:
    with socket.create_connection(("127.0.0.1", watched.port), timeout=20) as connection:
        try:
            connection.sendall(RAW[name])
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        except TimeoutError:
            pytest.fail("the server left the connection hanging")
        except OSError:
            answer = b""  # it may hang up on what is too large before all of it was sent
    for status in re.findall(rb"HTTP/1\.1 (\d{3})", answer):
        assert int(status) < 500, answer[:500]
    assert watched.client.get("/healthz").status_code == 200


def test_a_body_that_never_comes(watched: Any) -> None:
    """Many connections that say nothing more keep nobody else waiting."""
    idle = [socket.create_connection(("127.0.0.1", watched.port), timeout=20) for _ in range(100)]
    try:
        for connection in idle:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nA")
        assert watched.client.get("/healthz").status_code == 200
    finally:
        for connection in idle:
            connection.close()


# Files


def file_names() -> Iterator[tuple[str, str]]:
    # A damaged file that still is a picture is worked on in full, so of those a few have to do.
    for group, make in GROUPS.items():
        for number, case in enumerate(make()):
            if case.verdict == "refused" or (case.verdict == "either" and number % 12 == 0):
                yield group, case.name


@pytest.mark.parametrize(("group", "name"), list(file_names()))
def test_files(watched: Any, file_host: tuple[str, dict[str, str]], group: str, name: str) -> None:
    url = f"http://{file_host[0]}{file_host[1][name]}"
    answer = watched.client.post("/?" + wire.rpc_query(watched.key, "SegmentCommonImage", ImageURL=url))
    if answer.status_code == 200:
        watched.successes += 1
        assert answer.json()["Data"]["ImageURL"].startswith(watched.base)
    else:
        check(
            answer,
            "InvalidImage.Content",
            "InvalidImage.Resolution",
            "InvalidParameter.TooLarge",
            "InvalidParameter.Unsuitable",
        )


# By chance

KEYS = st.one_of(
    st.sampled_from([*COMMON, "Signature", "Format", "ImageURL", "URL", "SecurityToken", "BearerToken", "ClothClass.1"]),
    st.text(max_size=20),
)
VALUES = st.one_of(
    st.sampled_from(["", "2019-12-30", "JSON", "XML", "SegmentBody", "RefineMask", "HMAC-SHA1", "1.0", PHOTO]),
    st.text(max_size=50),
)
CHANCE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@CHANCE
@given(params=st.dictionaries(KEYS, VALUES, max_size=12), method=st.sampled_from(["GET", "POST"]))
def test_unsigned_by_chance(watched: Any, params: dict[str, str], method: str) -> None:
    check(watched.client.request(method, "/", params=urlencode(params, errors="replace")))


@CHANCE
@given(
    params=st.dictionaries(KEYS.filter(lambda key: key not in COMMON), VALUES, max_size=8),
    action=st.sampled_from([*ACTIONS, "AuthorizeFileUpload"]),
)
def test_signed_by_chance(watched: Any, params: dict[str, str], action: str) -> None:
    clean = {
        name: value
        for name, value in params.items()
        if name not in ("ImageURL", "ImageUrl", "URL", "ReplaceImageURL", "MaskImageURL")
    }
    query = urlencode(wire.sign_rpc(watched.key, {**wire.common(watched.key, action), **clean}), errors="replace")
    check(watched.client.post("/", content=query, headers=FORM))


@CHANCE
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_by_chance(watched: Any, body: object) -> None:
    check(watched.client.post("/", content=json.dumps(body).encode(), headers=JSON))


@CHANCE
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=X", "", "text/xml"]
    ),
)
def test_bytes_by_chance(watched: Any, body: bytes, kind: str) -> None:
    check(watched.client.post("/", content=body, headers={"Content-Type": kind} if kind else {}))


@CHANCE
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_authorization_by_chance(watched: Any, header: str) -> None:
    check(
        watched.client.post(
            "/",
            headers={
                "authorization": ("ACS3-HMAC-SHA256 " + header).strip(),
                "x-acs-action": "SegmentBody",
                "x-acs-version": "2019-12-30",
            },
        )
    )


# Afterwards


def _again(watched: Any, times: int, make: Callable[[], httpx.Response]) -> None:
    for _ in range(times):
        make()


def test_nothing_is_left(watched: Any, file_host: tuple[str, dict[str, str]]) -> None:
    """Neither memory nor files nor open connections grow with refused calls, and nothing was connected to but the file host."""
    refused = [name for group, name in file_names() if group in ("truncations", "impostors")]

    def one_round() -> None:
        for name in refused[:40]:
            url = f"http://{file_host[0]}{file_host[1][name]}"
            check(watched.client.post("/?" + wire.rpc_query(watched.key, "SegmentCommonImage", ImageURL=url)))
        for data, kind in BODIES.values():
            check(watched.client.post("/", content=data, headers={"Content-Type": kind} if kind else {}))

    one_round()
    memory, descriptors = watched.megabytes(), watched.descriptors()
    for _ in range(8):
        one_round()
    assert watched.megabytes() - memory < 60
    assert watched.descriptors() - descriptors <= 5

    kept = [path for path in (watched.folder / "data" / "objects").rglob("*") if path.is_file()]
    assert len(kept) == watched.successes, kept
    host, _, port = watched.photo_host.partition(":")
    strangers = {line for line in watched.connected() if line != f"('{host}', {port})"}
    assert strangers == set()
    assert "call broke" not in watched.log()
    assert "Traceback" not in watched.log()
