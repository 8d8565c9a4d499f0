"""Forms as the official clients write them, and as nobody should."""

import contextlib
from collections.abc import AsyncIterator, Mapping

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koutu.server.uploads.errors import BucketError, EntityTooLarge, InvalidArgument, MalformedPOSTRequest
from koutu.server.uploads.multipart import Form, read_boundary, read_form


def read(body: bytes, *, boundary: bytes = b"XX", most: int = 1000, piece: int = 7) -> tuple[Form, dict[str, str]]:
    shown: dict[str, str] = {}

    def admit(fields: Mapping[str, str]) -> int:
        shown.update(fields)
        return most

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), piece):
            yield body[start : start + piece]

    async def run() -> Form:
        return await read_form(pieces(), boundary, admit)

    return anyio.run(run), shown


def field(name: str, value: str) -> bytes:
    return f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(content: bytes, end: bytes = b"\r\n") -> bytes:
    return b'--XX\r\nContent-Disposition: form-data; name="file"; filename="upload/k"\r\nContent-Type: \r\n\r\n' + content + end


@given(content=st.binary(max_size=300).filter(lambda data: b"--XX" not in data), piece=st.integers(1, 400))
def test_a_well_formed_form(content: bytes, piece: int) -> None:
    form, shown = read(field("key", "upload/k") + field("policy", "p=") + file(content) + b"--XX--\r\n", piece=piece)
    assert form == Form({"key": "upload/k", "policy": "p="}, content)
    assert shown == {"key": "upload/k", "policy": "p="}


@pytest.mark.parametrize("piece", [1, 2, 3, 1000])
def test_the_form_whose_file_is_not_last_and_lacks_its_line_break(piece: int) -> None:
    body = field("key", "upload/k") + file(b"pixels", end=b"") + field("success_action_status", "201") + b"\r\n--XX--\r\n"
    form, shown = read(body, piece=piece)
    assert form == Form({"key": "upload/k", "success_action_status": "201"}, b"pixels")
    assert shown == {"key": "upload/k"}


def test_the_file_is_not_held_before_its_fields_are_good() -> None:
    def refuse(fields: Mapping[str, str]) -> int:
        raise InvalidArgument("no")

    async def body() -> AsyncIterator[bytes]:
        yield file(b"", end=b"")
        pytest.fail("more was read")

    async def run() -> None:
        await read_form(body(), b"XX", refuse)

    with pytest.raises(InvalidArgument, match="no"):
        anyio.run(run)


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_up_to_the_limit(size: int) -> None:
    assert len(read(field("key", "k") + file(b"x" * size) + b"--XX--")[0].file) == size


@pytest.mark.parametrize("end", [b"\r\n--XX--", b"", b"x" * 100_000])
def test_over_the_limit(end: bytes) -> None:
    with pytest.raises(EntityTooLarge, match="maximum allowed size"):
        read(field("key", "k") + file(b"x" * 1100, end=b"") + end, piece=64)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--XX",
        b"--XX--\r\n",
        field("key", "k") + b"--XX--",
        file(b"a") + file(b"b") + b"--XX--",
        file(b"a"),
        field("key", "k") + b"--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
        field("key", "k") + field("key", "l") + file(b"a") + b"--XX--",
        b"".join(field(f"f{number}", "v") for number in range(40)) + file(b"a") + b"--XX--",
        field("policy", "p" * 20_000) + file(b"a") + b"--XX--",
        b'--XX\r\nContent-Disposition: form-data; name="' + b"n" * 5000,
        b"x" * 5000,
    ],
)
def test_what_is_no_such_form_is_refused(body: bytes) -> None:
    with pytest.raises(BucketError):
        read(body)


@given(st.binary(max_size=400), st.sampled_from([b"", b"--XX\r\n", field("key", "k"), file(b"")]))
def test_any_bytes_are_read_or_refused(body: bytes, before: bytes) -> None:
    with contextlib.suppress(BucketError):
        read(before + body, piece=64)


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ("Multipart/Form-Data;boundary=abc; charset=utf-8", b"abc"),
        ('multipart/form-data; charset=utf-8; boundary="a b"', b"a b"),
    ],
)
def test_boundaries(header: str, boundary: bytes) -> None:
    assert read_boundary(header) == boundary


@pytest.mark.parametrize(
    "header",
    ["", "multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=a", "multipart/mixed; boundary=a"],
)
def test_no_boundary(header: str) -> None:
    with pytest.raises(MalformedPOSTRequest):
        read_boundary(header)
