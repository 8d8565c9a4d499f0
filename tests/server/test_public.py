"""How the server is called from outside."""

import pytest
from starlette.requests import Request

from koutu.server.public import public_base
from koutu.settings import Settings


def _request(host: str, scheme: str = "http") -> Request:
    headers = [(b"host", host.encode("latin-1"))] if host else []
    return Request(
        {"type": "http", "scheme": scheme, "headers": headers, "server": ("10.0.0.1", 80), "path": "/", "query_string": b""}
    )


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://koutu.example.com/", "http://koutu.example.com"),
        ("koutu.example.com/", "http://koutu.example.com"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("", "http://10.0.0.1:80"),
        ('evil"><script>', "http://10.0.0.1:80"),
        ("user@host", "http://10.0.0.1:80"),
        ("a/b", "http://10.0.0.1:80"),
    ],
)
def test_links_lead_back_to_the_host_that_was_called(host: str, base: str) -> None:
    assert public_base(_request(host), Settings()) == base


@pytest.mark.parametrize(
    ("setting", "base"),
    [("https://seg.example.com/", "https://seg.example.com"), ("seg.example.com", "https://seg.example.com")],
)
def test_the_setting_comes_first(setting: str, base: str) -> None:
    assert public_base(_request("other", "https"), Settings(public_host=setting)) == base
