"""Signed links."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest

from koutu.server.links import Links, Verdict

_KEY = "results/2026-01-01/a b.png"


def _query(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_a_link_has_the_oss_v1_form() -> None:
    link = Links(b"secret").make("http://127.0.0.1:8080", _KEY, 1_800_000_000)
    parts = urlsplit(link)
    assert (parts.netloc, parts.path) == ("127.0.0.1:8080", "/results/2026-01-01/a%20b.png")
    query = _query(link)
    assert set(query) == {"Expires", "OSSAccessKeyId", "Signature"}
    text = f"GET\n\n\n1800000000\n/koutu/{_KEY}"
    assert query["Signature"] == base64.b64encode(hmac.new(b"secret", text.encode(), hashlib.sha1).digest()).decode()


def test_a_link_is_good_until_it_expires() -> None:
    now = 1000.0
    links = Links(b"secret", lambda: now)
    query = _query(links.make("http://h", _KEY, 1100))
    assert links.check(_KEY, query) is Verdict.GOOD
    now = 1100.0
    assert links.check(_KEY, query) is Verdict.GOOD
    now = 1100.5
    assert links.check(_KEY, query) is Verdict.EXPIRED


@pytest.mark.parametrize(
    "change", [{"Expires": "9999999999"}, {"Signature": "x"}, {"OSSAccessKeyId": "other"}, {"Expires": "中"}]
)
def test_a_changed_link_is_wrong(change: dict[str, str]) -> None:
    links = Links(b"secret", lambda: 0.0)
    assert links.check(_KEY, {**_query(links.make("http://h", _KEY, 10)), **change}) is Verdict.WRONG


def test_a_link_is_for_one_key_and_one_server() -> None:
    links = Links(b"secret", lambda: 0.0)
    query = _query(links.make("http://h", _KEY, 10))
    assert links.check("results/2026-01-01/b.png", query) is Verdict.WRONG
    assert Links(b"other", lambda: 0.0).check(_KEY, query) is Verdict.WRONG
    assert links.check(_KEY, {}) is Verdict.UNSIGNED
