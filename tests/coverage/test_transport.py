"""Every way in which a client may put a call: where the parameters stand, how they are signed, how the body comes."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import wire

ODD = "/a+b%2Bc*~(1)!%2520%E4%B8%AD.png?x=1&y=2"
KINDS = {"form": "application/x-www-form-urlencoded", "json": "application/json"}


def encoded(params: dict[str, str], place: str) -> bytes:
    return json.dumps(params).encode() if place == "json" else urlencode(params).encode() if place == "form" else b""


def pieces(body: bytes) -> Iterator[bytes]:
    """A body without a length: httpx sends it in chunks."""
    for start in range(0, len(body), 50):
        yield body[start : start + 50]


def answered(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("place", ["query", "form", "json"])
@pytest.mark.parametrize("signature", ["rpc", "acs3"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call(server: Any, method: str, signature: str, place: str, chunked: bool) -> None:
    params = {**server.images("SegmentCommonImage"), "ReturnForm": "mask"}
    if signature == "rpc":
        signed = wire.sign_rpc(server.key, {**wire.common(server.key, "SegmentCommonImage"), **params}, method)
        query, body = ({}, encoded(signed, place)) if place != "query" else (signed, b"")
        headers: dict[str, str] = {}
    else:
        query, body = ({}, encoded(params, place)) if place != "query" else (params, b"")
        host = server.base.partition("://")[2]
        headers = wire.acs3_headers(server.key, "SegmentCommonImage", host, query, method=method, body=body)
    if place != "query":
        headers["content-type"] = KINDS[place]
    content = pieces(body) if chunked else body
    answered(server.client.request(method, "/", params=query, content=content, headers=headers))


def test_query_and_body_are_one_set_of_parameters(server: Any) -> None:
    images = server.images("RefineMask")
    signed = wire.sign_rpc(server.key, {**wire.common(server.key, "RefineMask"), **images})
    body = {"MaskImageURL": signed["MaskImageURL"]}
    answered(server.client.post("/", params={name: value for name, value in signed.items() if name not in body}, data=body))


@pytest.mark.parametrize("spelling", ["JSON", "json", "None", "", "yaml", "XML", "xml", "Xml", " XML "])
def test_formats(server: Any, spelling: str) -> None:
    answer = server.call("SegmentCommonImage", **server.images("SegmentCommonImage"), Format=spelling)
    assert answer.status_code == 200
    xml = spelling.strip().lower() == "xml"
    assert answer.headers["content-type"].startswith("text/xml" if xml else "application/json")
    assert answer.content.startswith(b"<?xml" if xml else b"{")


@pytest.mark.parametrize("host", ["{host}", "http://{host}", "{host}/", "https://{host}/", "seg.example.com"])
def test_hosts_as_clients_spell_them(server: Any, host: str) -> None:
    host = host.replace("{host}", server.base.partition("://")[2])
    query = server.images("SegmentCommonImage")
    headers = wire.acs3_headers(server.key, "SegmentCommonImage", host, query)
    link = answered(server.client.post("/", params=query, headers=headers))["Data"]["ImageURL"]
    assert link.startswith(f"http://{host.split('://')[-1].rstrip('/')}/")


@pytest.mark.parametrize("quirk", ["plus", "raw", "lower"])
def test_encodings_as_clients_write_them(server: Any, quirk: str) -> None:
    """A space as +, marks left raw, hex digits in lower case: decoded first, then signed over."""
    params = {**wire.common(server.key, "GetAsyncJobResult"), "JobId": f"a b {ODD}"}
    query = wire.canonical(wire.sign_rpc(server.key, params))
    if quirk == "plus":
        query = query.replace("%20", "+")
    elif quirk == "raw":
        query = query.replace("%21", "!").replace("%2A", "*").replace("%28", "(").replace("%29", ")")
    else:
        query = query.replace("%2F", "%2f").replace("%3A", "%3a")
    answer = server.client.post("/?" + query)
    assert answer.json()["Code"] == "InvalidParameter"  # there is no such job; the signature was found good


def test_blank_parameters_are_signed(server: Any) -> None:
    answered(server.call("SegmentCommonImage", **server.images("SegmentCommonImage"), SignatureType="", ReturnForm=""))


def test_request_ids_are_unique_and_on_every_answer(server: Any) -> None:
    answers = [
        server.call("SegmentCommonImage", **images) for images in (server.images("SegmentCommonImage"), {}) for _ in range(3)
    ]
    ids = [answer.json()["RequestId"] for answer in answers]
    assert len(set(ids)) == len(ids)
    assert ids == [answer.headers["x-acs-request-id"] for answer in answers]


def test_a_result_may_be_the_next_input(server: Any) -> None:
    link = answered(server.call("SegmentSkin", **server.images("SegmentSkin")))["Data"]["URL"]
    answered(server.call("RefineMask", **{**server.images("RefineMask"), "MaskImageURL": link}))
    assert len(server.seen()["images"]) == 2


def test_an_upload_is_the_uploaders_alone(server: Any) -> None:
    granted = server.client.get(
        "/?" + wire.rpc_query(server.key, "AuthorizeFileUpload", "GET", Version="2019-12-19", Product="imageseg", RegionId="x")
    ).json()
    fields = {"OSSAccessKeyId": granted["AccessKeyId"], "policy": granted["EncodedPolicy"], "Signature": granted["Signature"]}
    fields |= {"key": granted["ObjectKey"], "success_action_status": "201"}
    photo = httpx.get(server.images("SegmentBody")["ImageURL"], trust_env=False).content
    assert server.client.post("/", data=fields, files={"file": (granted["ObjectKey"], photo, "")}).status_code == 201
    url = f"http://{granted['Bucket']}.{granted['Endpoint']}/{granted['ObjectKey']}"
    answered(server.call("SegmentBody", ImageURL=url))
    stranger = server.another_key()
    query = wire.rpc_query(stranger, "SegmentBody", ImageURL=url)
    assert server.client.post("/?" + query).json()["Code"] == "InvalidImage.Download"
    assert server.client.get(f"/{granted['ObjectKey']}").status_code == 403


def test_an_action_has_its_own_time_for_downloads(server: Any) -> None:
    answer = server.call("SegmentAnimal", **server.images("SegmentAnimal", "slow.png")).json()
    assert answer["Code"] == "InvalidImage.Download"
    assert "within 2 seconds" in answer["Message"]
