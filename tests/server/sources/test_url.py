"""Reading URLs: what is refused, what passes, and that nothing else than the two errors comes of it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koutu.errors import IllegalURL, ImageURL
from koutu.server.sources.url import Target, parse_url, redirected


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://example.com", Target("http", "example.com", 80, "/")),
        (
            "HTTPS://Example.COM:8443/a?b=c#d",
            Target("https", "example.com", 8443, "/a?b=c"),
        ),
        ("http://example.com?x=1", Target("http", "example.com", 80, "/?x=1")),
        ("http://[2001:db8::1]:81/a", Target("http", "2001:db8::1", 81, "/a")),
        (
            "http://my_bucket.example.com/%E4%B8%AD.jpg",
            Target("http", "my_bucket.example.com", 80, "/%E4%B8%AD.jpg"),
        ),
        (
            "http://127.0.0.1:18931/a+b%2Bc*~(1)%2520%E4%B8%AD.jpg?x=1&y=2",
            Target("http", "127.0.0.1", 18931, "/a+b%2Bc*~(1)%2520%E4%B8%AD.jpg?x=1&y=2"),
        ),
    ],
)
def test_usable(url: str, target: Target) -> None:
    assert parse_url(url) == target
    assert parse_url(target.url()) == target


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/中.jpg",
        "http://例子.com/a.jpg",
        "http://example.com/a b.jpg",
        "http://example.com/a\r\nHost: x",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/\x00",
        " http://example.com/",
        'http://example.com/"',
        "http://127。0。0。1/",
    ],
)
def test_illegal_characters(url: str) -> None:
    with pytest.raises(IllegalURL, match="percent-encoded"):
        parse_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photo.jpg",
        "/etc/passwd",
        "//example.com/a",
        "file:///etc/passwd",
        "ftp://example.com/a",
        "gopher://example.com/",
        "data:image/png;base64,AAAA",
        "oss://bucket/key",
        "http://",
        "http:///a",
        "http://:80/",
        "http://user:pass@example.com/",
        "http://user@example.com/",
        "http://example.com:80@127.0.0.1/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:8o/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://[vF.1]/",
        "http://exa%6dple.com/",
        "http://exa$mple.com/",
        "http://-/",
        "http://example.com/" + "a" * 9000,
    ],
)
def test_unusable(url: str) -> None:
    with pytest.raises(ImageURL):
        parse_url(url)


@given(
    st.one_of(
        st.text(),
        st.text().map("http://".__add__),
        st.text(alphabet="http:/@[]#?%\\.0127x", max_size=40),
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(IllegalURL, ImageURL):
        target = parse_url(text)
        assert parse_url(target.url()) == target


@given(st.binary(max_size=60))
def test_any_redirect_is_read_or_refused(location: bytes) -> None:
    with contextlib.suppress(IllegalURL, ImageURL):
        assert redirected(parse_url("http://example.com/a/b"), location).scheme in (
            "http",
            "https",
        )


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (b"c", "http://example.com/a/c"),
        (b"/c?d", "http://example.com/c?d"),
        (b"//other.example/c", "http://other.example/c"),
        ("/中 1".encode(), "http://example.com/%E4%B8%AD%201"),
        (b"https://other.example/%41", "https://other.example/%41"),
    ],
)
def test_redirected(location: bytes, url: str) -> None:
    assert redirected(parse_url("http://example.com/a/b"), location).url() == url
