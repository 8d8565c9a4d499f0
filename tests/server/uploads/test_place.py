"""Where each client is told to post to: `{Bucket}.{Endpoint}` has to lead back to this server."""

import pytest

from koutu.errors import InvalidParameter
from koutu.server.uploads.place import place
from koutu.settings import Settings

PYTHON = "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2"
NODE = "AlibabaCloud (linux; x64) Node.js/v20.20.2 Core/1.0.1 TeaDSL/2"


@pytest.mark.parametrize("agent", [NODE, "", "python-requests/2.34"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:8080", ("127", "0.0.1:8080")),
        ("http://127.0.0.1:8080/", ("127", "0.0.1:8080")),
        ("127.0.0.1", ("127", "0.0.1")),
        ("localhost:8080", ("127", "0.0.1:8080")),
        ("seg.example.com", ("seg", "example.com")),
    ],
)
def test_this_server_is_its_own_bucket(agent: str, scheme: str, host: str, expected: tuple[str, str]) -> None:
    assert place(Settings(), scheme=scheme, host=host, user_agent=agent) == expected


def test_python_clients_are_kept_on_plain_http() -> None:
    assert place(Settings(), scheme="http", host="127.0.0.1:8080", user_agent=PYTHON) == ("http://127", "0.0.1:8080")
    assert place(Settings(), scheme="https", host="127.0.0.1:8080", user_agent=PYTHON) == ("127", "0.0.1:8080")


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("bucket_host", "expected"),
    [
        ("bucket.oss.example.com", ("bucket", "oss.example.com")),
        ("bucket.oss.example.com:8443", ("bucket", "oss.example.com:8443")),
        ("https://bucket.oss.example.com", ("bucket", "oss.example.com")),
        ("http://bucket.oss.example.com", ("http://bucket", "oss.example.com")),
    ],
)
def test_a_bucket_behind_a_domain(scheme: str, bucket_host: str, expected: tuple[str, str]) -> None:
    settings = Settings(bucket_host=bucket_host)
    assert place(settings, scheme=scheme, host="10.0.0.1:8080", user_agent=PYTHON) == expected


@pytest.mark.parametrize("host", ["koutu:8080", "[::1]:8080", "", ".example.com"])
def test_a_host_that_cannot_be_split(host: str) -> None:
    with pytest.raises(InvalidParameter, match="KOUTU_BUCKET_HOST"):
        place(Settings(), scheme="http", host=host, user_agent=NODE)
