"""Calls over HTTP against the whole application; only the engine is a stand-in."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from koutu.contract import ACTIONS
from koutu.errors import AlgorithmFault, ImageContent, ModelFault, Unsuitable

_SYNCHRONOUS = [name for name, action in ACTIONS.items() if action.asynchronous != "always" and action.family != "jobs"]


def _images(action: str, url: str) -> dict[str, str]:
    return {image.name: url for image in ACTIONS[action].images}


@pytest.mark.parametrize("action", _SYNCHRONOUS)
def test_every_action_answers_in_its_shape(wire: Any, photo_server: Any, engine: Any, action: str) -> None:
    engine.elements = 2
    url = photo_server.at()
    body = wire.call(action, **_images(action, url))
    assert body["status_code"] == 200
    shape = ACTIONS[action].result
    data = body["Data"]
    if shape.shape == "image":
        assert list(data) == [shape.url]
        links = [data[shape.url]]
    else:
        assert set(data) == ({"Elements", "OriginImageURL"} if shape.origin else {"Elements"})
        assert [set(element) for element in data["Elements"]] == [set(shape.fields)] * 2
        links = [element[shape.url] for element in data["Elements"]]
        if shape.placed:
            assert [(e["X"], e["Y"], e["Width"], e["Height"]) for e in data["Elements"]] == [(10, 20, 3, 2), (11, 20, 3, 2)]
        origins = [data.get("OriginImageURL"), *(e.get("OriginImageURL") for e in data["Elements"])]
        assert set(origins) <= {None, url}
    assert all(wire.http.get(link).content.startswith(b"\x89PNG") for link in links)
    assert [name for name, _, _ in engine.seen] == [action]
    assert [entry.request_id for entry in wire.entries()] == [body["RequestId"]]


def test_a_call_is_metered_with_what_it_was(wire: Any, photo_server: Any) -> None:
    body = wire.call("SegmentBody", ImageURL=photo_server.at())
    (entry,) = wire.entries()
    assert (entry.action, entry.access_key_id, entry.pixels) == ("SegmentBody", wire.key.access_key_id, 1234)
    assert entry.request_id == body["RequestId"] == body["RequestId"].upper()
    assert 0 < entry.latency_ms < 30_000


def test_parameters_reach_the_engine_typed(wire: Any, photo_server: Any, engine: Any) -> None:
    wire.call("SegmentCloth", ImageURL=photo_server.at(), OutMode="1", **{"ClothClass.1": "tops", "ClothClass.2": "hat"})
    _, images, params = engine.seen[0]
    assert images["ImageURL"].startswith(b"\x89PNG")
    assert (params["ClothClass"], params["OutMode"]) == (("tops", "hat"), 1)


@pytest.mark.parametrize(
    ("action", "params", "code", "status"),
    [
        ("SegmentBody", {}, "MissingImageURL", 400),
        ("SegmentBody", {"ImageURL": ""}, "MissingImageURL", 400),
        ("SegmentBody", {"ImageURL": "ftp://x/y"}, "InvalidImage.URL", 400),
        ("SegmentBody", {"ImageURL": "http://x/中.png"}, "IllegalUrlParameter", 400),
        ("SegmentBody", {"ImageURL": "http://10.0.0.1/x.png"}, "InvalidImage.Unsafe", 400),
        ("SegmentBody", {"ImageURL": "http://x/", "Async": "maybe"}, "InvalidParameter.Convert", 400),
        ("SegmentCloth", {"ImageURL": "http://x/", "ClothClass.1": "socks"}, "InvalidParameter", 400),
        ("SegmentHDCommonImage", {"ImageUrl": "nonsense"}, "InvalidImage.URL", 400),
        ("SegmentHDCommonImage", {}, "MissingImageURL", 400),
        ("GetAsyncJobResult", {}, "MissingParameter", 400),
        ("GetAsyncJobResult", {"JobId": "none"}, "InvalidParameter", 400),
        ("NoSuchAction", {}, "InvalidAction.NotFound", 404),
        ("SegmentBody", {"Version": "2020-01-01"}, "InvalidVersion", 400),
        ("SegmentBody", {"Version": "2023-01-17"}, "InvalidVersion", 400),
    ],
)
def test_bad_calls_get_their_code_and_leave_nothing(
    wire: Any, action: str, params: dict[str, str], code: str, status: int
) -> None:
    body = wire.call(action, **params)
    assert (body["Code"], body["status_code"]) == (code, status)
    assert body["RequestId"] == body["RequestId"].upper()
    assert body["HostId"] == "127.0.0.1:8080"
    assert wire.http.get(body["Recommend"]).status_code == 200
    assert wire.stored() == []
    assert wire.entries() == []


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ImageContent("not a picture"), "InvalidImage.Content", 400),
        (Unsuitable("nobody there"), "InvalidParameter.Unsuitable", 400),
        (ModelFault("no model"), "InternalError.Model", 500),
        (AlgorithmFault("it broke"), "InternalError.Algo", 500),
        (RuntimeError("secret detail"), "InternalError", 500),
        (MemoryError(), "InternalError", 500),
    ],
)
def test_what_the_engine_raises_is_answered(
    wire: Any, photo_server: Any, engine: Any, error: Exception, code: str, status: int
) -> None:
    engine.error = error
    body = wire.call("SegmentBody", ImageURL=photo_server.at())
    assert (body["Code"], body["status_code"]) == (code, status)
    assert "secret detail" not in json.dumps(body)
    assert wire.stored() == []
    assert wire.entries() == []


def test_an_action_that_has_not_landed_says_so(wire: Any, engine: Any) -> None:
    engine.missing = {"SegmentBody"}
    assert wire.call("SegmentBody", ImageURL="http://x/")["Code"] == "InvalidApi.OutOfService"


def test_a_download_that_fails(wire: Any, photo_server: Any) -> None:
    assert wire.call("SegmentBody", ImageURL=photo_server.at("missing"))["Code"] == "InvalidImage.Download"


@pytest.mark.parametrize("pictures", [1, 3])
def test_when_the_ledger_fails_nothing_is_left(
    wire: Any, photo_server: Any, engine: Any, monkeypatch: pytest.MonkeyPatch, pictures: int
) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    engine.elements = pictures
    monkeypatch.setattr("koutu.server.accounts.ledger.Ledger.record", broken)
    body = wire.call("SegmentFace", ImageURL=photo_server.at())
    assert (body["Code"], body["status_code"]) == ("InternalError", 500)
    assert wire.stored() == []


def test_when_the_second_picture_cannot_be_stored_the_first_goes(
    wire: Any, photo_server: Any, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from koutu.server.storage import Objects

    put = Objects.put

    async def second_fails(self: Objects, key: str, data: bytes) -> None:
        if key.endswith("-1.png"):
            raise OSError("disk full")
        await put(self, key, data)

    engine.elements = 2
    monkeypatch.setattr(Objects, "put", second_fails)
    assert wire.call("SegmentFace", ImageURL=photo_server.at())["Code"] == "InternalError"
    assert wire.stored() == []
    assert wire.entries() == []


def test_a_call_that_takes_too_long(engine: Any, settings: Any, photo_server: Any, open_wire: Callable[[Any], Any]) -> None:
    with open_wire(settings.model_copy(update={"call_timeout_s": 0.2, "fetch_timeout_s": 20})) as wire:
        body = wire.call("SegmentBody", ImageURL=photo_server.at("slow"))
    assert (body["Code"], body["status_code"]) == ("Timeout", 408)
    assert wire.stored() == []


@pytest.mark.parametrize("way", ["query", "form", "json", "both", "get"])
def test_parameters_may_come_any_way(wire: Any, photo_server: Any, sign_rpc: Any, way: str) -> None:
    method = "GET" if way == "get" else "POST"
    key = wire.key
    signed = sign_rpc(
        method, {"Action": "SegmentBody", "ImageURL": photo_server.at()}, key.access_key_id, key.access_key_secret
    )
    half = {name: signed[name] for name in ("Signature", "ImageURL")}
    rest = {name: value for name, value in signed.items() if name not in half}
    match way:
        case "query":
            response = wire.http.post("/", params=signed)
        case "form":
            response = wire.http.post("/", data=signed)
        case "json":
            response = wire.http.post("/", json=signed)
        case "both":
            response = wire.http.post("/", params=rest, data=half)
        case _:
            response = wire.http.get("/", params=signed)
    assert response.json().get("Code") is None


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080/"])
@pytest.mark.parametrize("kind", ["query", "form", "json"])
def test_acs3(wire: Any, photo_server: Any, sign_acs3: Any, host: str, kind: str) -> None:
    params = {"ImageURL": photo_server.at()}
    query = params if kind == "query" else {}
    body = {"query": b"", "form": f"ImageURL={photo_server.at()}".encode(), "json": json.dumps(params).encode()}[kind]
    mime = {
        "query": {},
        "form": {"content-type": "application/x-www-form-urlencoded"},
        "json": {"content-type": "application/json"},
    }
    headers = sign_acs3(
        "POST", host, "SegmentBody", query, body, wire.key.access_key_id, wire.key.access_key_secret, **mime[kind]
    )
    response = wire.http.post("/", params=query, content=body, headers=headers)
    link = response.json()["Data"]["ImageURL"]
    assert urlsplit(link).netloc == "127.0.0.1:8080"
    assert wire.http.get(link).status_code == 200


def test_xml(wire: Any, photo_server: Any, engine: Any, sign_rpc: Any) -> None:
    engine.elements = 2
    key = wire.key
    params = {"Action": "SegmentFace", "ImageURL": photo_server.at(), "Format": "xml"}
    response = wire.http.post("/", data=sign_rpc("POST", params, key.access_key_id, key.access_key_secret))
    root = ElementTree.fromstring(response.content)
    assert root.tag == "SegmentFaceResponse"
    assert [element.findtext("X") for element in root.findall("Data/Elements")] == ["10", "11"]
    failed = wire.http.get("/", params={"Action": "SegmentFace", "Version": "2019-12-30", "Format": "XML"})
    assert ElementTree.fromstring(failed.content).findtext("Code") == "MissingParameter"


def test_a_request_cannot_be_sent_again(wire: Any, photo_server: Any, sign_rpc: Any) -> None:
    key = wire.key
    form = sign_rpc("POST", {"Action": "SegmentBody", "ImageURL": photo_server.at()}, key.access_key_id, key.access_key_secret)
    assert wire.http.post("/", data=form).status_code == 200
    again = wire.http.post("/", data=form)
    assert (again.status_code, again.json()["Code"]) == (400, "SignatureNonceUsed")


def test_a_key_made_or_disabled_while_the_server_runs_counts_at_once(wire: Any, photo_server: Any) -> None:
    key = wire.keys.create(account="second")
    assert wire.call("SegmentBody", key, ImageURL=photo_server.at())["status_code"] == 200
    wire.keys.disable(key.access_key_id)
    body = wire.call("SegmentBody", key, ImageURL=photo_server.at())
    assert (body["Code"], body["status_code"]) == ("InvalidAccessKeyId.Inactive", 400)


def test_a_wrong_secret(wire: Any) -> None:
    from koutu.server.accounts.keys import NewKey

    body = wire.call("SegmentBody", NewKey(wire.key.access_key_id, "wrong-secret"), ImageURL="http://x/")
    assert (body["Code"], body["status_code"]) == ("SignatureDoesNotMatch", 400)
    assert "server string to sign is:POST&%2F&" in body["Message"]
    assert wire.call("SegmentBody", NewKey("nobody", "x"), ImageURL="http://x/")["status_code"] == 404


def test_a_body_that_is_too_large(wire: Any) -> None:
    response = wire.http.post(
        "/", content=b"A=" + b"x" * 9_000_000, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (response.status_code, response.json()["Code"]) == (400, "InvalidParameter.TooLarge")


def test_a_chunked_body(wire: Any, photo_server: Any, sign_rpc: Any) -> None:
    from urllib.parse import urlencode

    key = wire.key
    form = sign_rpc("POST", {"Action": "SegmentBody", "ImageURL": photo_server.at()}, key.access_key_id, key.access_key_secret)
    raw = urlencode(form).encode()
    pieces = (raw[start : start + 7] for start in range(0, len(raw), 7))
    response = wire.http.post("/", content=pieces, headers={"content-type": "application/x-www-form-urlencoded"})
    assert response.status_code == 200


def test_health_and_error_pages(wire: Any) -> None:
    assert wire.http.get("/healthz").json() == {"status": "ok"}
    assert "more than 15 minutes" in wire.http.get("/errors/InvalidTimeStamp.Expired").text
    assert wire.http.get("/errors/%3Cscript%3E").status_code == 404


def test_a_busy_server_refuses_before_it_fetches(
    engine: Any, settings: Any, photo_server: Any, open_wire: Callable[[Any], Any]
) -> None:
    settings = settings.model_copy(update={"workers": 1, "call_queue": 0, "fetch_timeout_s": 20})
    with open_wire(settings) as wire, ThreadPoolExecutor(1) as pool:
        first = pool.submit(wire.call, "SegmentBody", ImageURL=photo_server.at("slow"))
        while not photo_server.asked:
            time.sleep(0.01)
        refused = wire.call("SegmentBody", ImageURL=photo_server.at("second"))
        photo_server.gate.set()
        assert first.result()["status_code"] == 200
        assert wire.call("SegmentBody", ImageURL=photo_server.at("third"))["status_code"] == 200
    assert (refused["Code"], refused["status_code"]) == ("ServiceUnavailable", 503)
    assert photo_server.asked == ["/slow", "/third"]
