"""Both signatures against vectors recorded from the official SDKs."""

import hashlib
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from koutu.errors import IncompleteSignature, InvalidParameter, MissingParameter, SignatureDoesNotMatch
from koutu.server.rpc import acs3, rpc_v1
from koutu.server.rpc.bearer import make_token
from koutu.server.rpc.proof import read_proof
from koutu.server.rpc.request import RpcRequest
from koutu.signing import enc

_SECRET = "testSecretKey"
_ODD = "http%3A%2F%2F127.0.0.1%3A18931%2Fa+b%2Bc%2A~%281%29%2520%E4%B8%AD.jpg%3Fx%3D1%26y%3D2"


def _decoded(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


@pytest.fixture
def rpc_request() -> RpcRequest:
    query = (
        "Version=2019-12-30&Action=SegmentSkin&Format=JSON&RegionId=cn-shanghai&Timestamp=2026-11-22T16%3A19%3A14Z"
        "&SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=e09898b8d817f4511d21feae177034e7"
        "&AccessKeyId=testKeyId&Signature=JHtc5GZcECZqEJkmmoWfQVBOohs%3D"
    )
    body = f"URL={_ODD}"
    return RpcRequest(
        request_id="R",
        method="POST",
        host="127.0.0.1:18931",
        base="http://127.0.0.1:18931",
        headers={},
        query=_decoded(query),
        form=_decoded(body),
        body=body.encode(),
    )


@pytest.fixture
def acs3_request() -> RpcRequest:
    signed = (
        "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version"
    )
    signature = "238991dbb96c98f72323a2f15e2b1ad45928f857982ebca1f984f3a69ab95516"
    headers = {
        "host": "127.0.0.1:18931",
        "x-acs-version": "2019-12-30",
        "x-acs-action": "SegmentBody",
        "user-agent": "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2",
        "x-acs-date": "2026-11-22T16:19:11Z",
        "x-acs-signature-nonce": "9b1e0ec8eb7e119a54677a07bf2502cb",
        "accept": "application/json",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-credentials-provider": "static_ak",
        "authorization": f"ACS3-HMAC-SHA256 Credential=testKeyId,SignedHeaders={signed},Signature={signature}",
    }
    return RpcRequest(
        request_id="R",
        method="POST",
        host="127.0.0.1:18931",
        base="http://127.0.0.1:18931",
        headers=headers,
        query=_decoded(f"ImageURL={_ODD}"),
        form={},
        body=b"",
    )


def test_rpc_vector(rpc_request: RpcRequest) -> None:
    text = rpc_v1.string_to_sign(rpc_request)
    assert text.startswith("POST&%2F&AccessKeyId%3DtestKeyId%26Action%3DSegmentSkin%26Format")
    assert rpc_v1.sign(_SECRET, text) == "JHtc5GZcECZqEJkmmoWfQVBOohs="
    proof = read_proof(rpc_request)
    assert proof.holds(_SECRET)
    assert not proof.holds(_SECRET + "x")


def test_acs3_vector(acs3_request: RpcRequest) -> None:
    proof = read_proof(acs3_request)
    assert proof.signature == "238991dbb96c98f72323a2f15e2b1ad45928f857982ebca1f984f3a69ab95516"
    assert proof.access_key_id == "testKeyId"
    assert proof.holds(_SECRET)
    assert not proof.holds(_SECRET[:-1])


@pytest.mark.parametrize(("text", "encoded"), [(" ", "%20"), ("*", "%2A"), ("/", "%2F"), ("~-_.", "~-_."), ("中", "%E4%B8%AD")])
def test_percent_encoding(text: str, encoded: str) -> None:
    assert enc(text) == encoded


@pytest.mark.parametrize("name", ["URL", "Action", "SignatureNonce", "Timestamp", "SignatureType"])
def test_every_rpc_parameter_is_signed(rpc_request: RpcRequest, name: str) -> None:
    changed = {**rpc_request.params, name: rpc_request.params[name] + "1"}
    assert not read_proof(replace(rpc_request, query=changed, form={})).holds(_SECRET)


def test_an_rpc_request_may_not_take_its_action_from_a_header_that_nothing_signs(rpc_request: RpcRequest) -> None:
    query = {name: value for name, value in rpc_request.query.items() if name != "Action"}
    assert replace(rpc_request, query=query, headers={"x-acs-action": "SegmentBody"}).action == ""


def test_acs3_takes_its_action_from_the_header(acs3_request: RpcRequest) -> None:
    assert (acs3_request.action, acs3_request.version) == ("SegmentBody", "2019-12-30")


@pytest.mark.parametrize("name", ["x-acs-action", "x-acs-date", "x-acs-signature-nonce", "host", "x-acs-version"])
def test_acs3_headers_that_matter_have_to_be_signed(acs3_request: RpcRequest, name: str) -> None:
    authorization = acs3_request.headers["authorization"].replace(f"{name};", "").replace(f";{name}", "")
    with pytest.raises(IncompleteSignature, match=name):
        read_proof(replace(acs3_request, headers={**acs3_request.headers, "authorization": authorization}))


def test_acs3_body_has_to_be_the_signed_one(acs3_request: RpcRequest) -> None:
    with pytest.raises(SignatureDoesNotMatch, match=hashlib.sha256(b"a=b").hexdigest()):
        read_proof(replace(acs3_request, body=b"a=b"))


def test_acs3_query_is_signed(acs3_request: RpcRequest) -> None:
    assert not read_proof(replace(acs3_request, query={"ImageURL": "http://elsewhere/"})).holds(_SECRET)


@pytest.mark.parametrize(
    "authorization",
    [
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host",
        "ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=c",
        "ACS3-HMAC-SHA256 nonsense",
    ],
)
def test_acs3_authorization_has_to_be_whole(acs3_request: RpcRequest, authorization: str) -> None:
    with pytest.raises(IncompleteSignature):
        acs3.read_authorization(replace(acs3_request, headers={**acs3_request.headers, "authorization": authorization}))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"AccessKeyId": ""}, MissingParameter),
        ({"SignatureNonce": ""}, MissingParameter),
        ({"Timestamp": ""}, MissingParameter),
        ({"Signature": ""}, IncompleteSignature),
        ({"SignatureMethod": "HMAC-MD5"}, InvalidParameter),
        ({"SignatureVersion": "2.0"}, InvalidParameter),
        ({"BearerToken": "t"}, IncompleteSignature),
        ({"BearerToken": ".t"}, IncompleteSignature),
        ({"BearerToken": "t."}, IncompleteSignature),
        ({"SignatureType": "BEARERTOKEN"}, IncompleteSignature),
    ],
)
def test_rpc_proof_has_to_be_whole(rpc_request: RpcRequest, change: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_proof(replace(rpc_request, query={**rpc_request.query, **change}))


def test_a_security_token_is_signed_along(rpc_request: RpcRequest) -> None:
    assert not read_proof(replace(rpc_request, query={**rpc_request.query, "SecurityToken": "t"})).holds(_SECRET)


@pytest.mark.parametrize("place", ["header", "parameter"])
def test_a_bearer_token_proves_its_key(place: str) -> None:
    token = make_token("key", _SECRET)
    headers = {"x-acs-bearer-token": token, "x-acs-date": "2026-11-22T00:00:00Z", "x-acs-signature-nonce": "n"}
    params = {"BearerToken": token, "SignatureType": "BEARERTOKEN", "Timestamp": "2026-11-22T00:00:00Z", "SignatureNonce": "n"}
    request = RpcRequest(
        request_id="R",
        method="POST",
        base="http://127.0.0.1",
        host="127.0.0.1",
        headers=headers if place == "header" else {},
        query=params if place == "parameter" else {"SignatureType": "BEARERTOKEN"},
        form={},
        body=b"",
    )
    proof = read_proof(request)
    assert (proof.access_key_id, proof.nonce, proof.timestamp) == ("key", "n", "2026-11-22T00:00:00Z")
    assert proof.holds(_SECRET)
    assert not proof.holds("another secret")
    for without in ("x-acs-date", "x-acs-signature-nonce", "Timestamp", "SignatureNonce"):
        less = replace(
            request,
            headers={name: value for name, value in request.headers.items() if name != without},
            query={name: value for name, value in request.query.items() if name != without},
        )
        if less != request:
            with pytest.raises(MissingParameter):
                read_proof(less)
