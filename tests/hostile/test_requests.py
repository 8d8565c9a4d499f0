"""Parameters that are absent or wrong, signatures, bodies, queries and methods."""

import uuid
from typing import Any

import pytest
import wire
from refusals import BODIES, COMMON, FORM, PHOTO, check, short

pytestmark = pytest.mark.long

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
