"""Results over HTTP."""

import time
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from koutu.server.accounts.secrets import open_secrets
from koutu.server.links import Links


@pytest.fixture
def link(wire: Any, photo_server: Any) -> str:
    url: str = wire.call("SegmentBody", ImageURL=photo_server.at())["Data"]["ImageURL"]
    return url


def test_get(wire: Any, link: str) -> None:
    response = wire.http.get(link)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["etag"].startswith('"')
    assert response.content == wire.stored()[0].read_bytes()


def test_head(wire: Any, link: str) -> None:
    whole, head = wire.http.get(link), wire.http.head(link)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, None),
        ("bytes=-4", -4, None),
        ("bytes=0-999999", 0, None),
        ("bytes=-999999", 0, None),
    ],
)
def test_range(wire: Any, link: str, header: str, start: int, end: int | None) -> None:
    whole = wire.http.get(link).content
    response = wire.http.get(link, headers={"range": header})
    assert response.status_code == 206
    assert response.content == whole[start:end]
    first = start % len(whole)
    assert response.headers["content-range"] == f"bytes {first}-{first + len(response.content) - 1}/{len(whole)}"


@pytest.mark.parametrize("header", ["bytes=999999-", "bytes=5-2", "bytes=-0"])
def test_range_out_of_reach(wire: Any, link: str, header: str) -> None:
    response = wire.http.get(link, headers={"range": header})
    assert response.status_code == 416
    assert response.headers["content-range"].startswith("bytes */")


@pytest.mark.parametrize("header", ["bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"])
def test_a_range_of_another_kind_is_passed_over(wire: Any, link: str, header: str) -> None:
    assert wire.http.get(link, headers={"range": header}).status_code == 200


def test_an_expired_link(wire: Any, link: str) -> None:
    links = Links(open_secrets(wire.settings).derive("result-links"))
    old = links.make("http://127.0.0.1:8080", urlsplit(link).path[1:], int(time.time()) - 1)
    response = wire.http.get(old)
    root = ElementTree.fromstring(response.content)
    assert (response.status_code, response.headers["content-type"]) == (403, "application/xml")
    assert [root.findtext(tag) for tag in ("Code", "Message")] == ["AccessDenied", "Request has expired."]
    assert all(root.findtext(tag) for tag in ("RequestId", "HostId", "Expires", "ServerTime"))


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (lambda link: link.replace("Signature=", "Signature=x"), 403, "SignatureDoesNotMatch"),
        (lambda link: link.replace("Expires=1", "Expires=9"), 403, "SignatureDoesNotMatch"),
        (lambda link: link.split("?")[0], 403, "AccessDenied"),
        (lambda link: link.replace("-0.png", "-1.png"), 403, "SignatureDoesNotMatch"),
        (lambda link: "http://127.0.0.1:8080/../secret.key", 403, "AccessDenied"),
    ],
)
def test_a_link_that_is_not_good(wire: Any, link: str, change: Any, status: int, code: str) -> None:
    response = wire.http.get(change(link))
    assert (response.status_code, ElementTree.fromstring(response.content).findtext("Code")) == (status, code)


def test_an_object_that_is_gone(wire: Any, link: str) -> None:
    wire.stored()[0].unlink()
    response = wire.http.get(link)
    assert (response.status_code, ElementTree.fromstring(response.content).findtext("Code")) == (404, "NoSuchKey")


def test_links_are_good_for_half_an_hour(link: str) -> None:
    from urllib.parse import parse_qs

    assert 1795 <= int(parse_qs(urlsplit(link).query)["Expires"][0]) - time.time() <= 1801


def test_a_method_that_is_not_served(wire: Any) -> None:
    for path in ("/", "/results/x.png"):
        response = wire.http.put(path, content=b"x")
        assert (response.status_code, ElementTree.fromstring(response.content).findtext("Code")) == (405, "MethodNotAllowed")


def test_a_store_that_fails_is_an_error_in_form(wire: Any, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise OSError("secret detail")

    monkeypatch.setattr("koutu.server.storage.Objects.head", broken)
    response = wire.http.get(link)
    assert (response.status_code, ElementTree.fromstring(response.content).findtext("Code")) == (500, "InternalError")
    assert "secret detail" not in response.text
