"""Paths and links of one's own making."""

import uuid
from typing import Any
from urllib.parse import quote

import pytest
from refusals import check, short

pytestmark = pytest.mark.long


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
