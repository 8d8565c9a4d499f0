"""A form with one file, read as it arrives.

The file is held in memory only once the fields before it have been found good. The body is split on `--boundary` alone: one
official client puts fields after the file and leaves out the line break before the boundary that follows it.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from koutu.server.uploads.errors import EntityTooLarge, InvalidArgument, MalformedPOSTRequest

_BOUNDARY = re.compile(
    r'multipart/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.ASCII | re.IGNORECASE
)
_NAME = re.compile(rb';\s*name="([^"]*)"', re.IGNORECASE)
_MOST_HEADER_BYTES = 4096
_MOST_FIELD_BYTES = 16_384
_MOST_FIELDS = 32


@dataclass(frozen=True, slots=True)
class Form:
    """What was posted: the fields before and after the file, and the file."""

    fields: Mapping[str, str]
    file: bytes


def read_boundary(content_type: str) -> bytes:
    """The boundary that a Content-Type header names.

    Raises:
        MalformedPOSTRequest: it is not that of a form.
    """
    match = _BOUNDARY.match(content_type)
    if match is None:
        raise MalformedPOSTRequest("The body of a POST object is multipart/form-data with a boundary.")
    return (match[1] or match[2]).encode()


async def read_form(chunks: AsyncIterator[bytes], boundary: bytes, admit: Callable[[Mapping[str, str]], int]) -> Form:
    """Read a form from the pieces of a body.

    Args:
        chunks: the body.
        boundary: as the Content-Type header names it.
        admit: is shown the fields that stand before the file, and says how many bytes the file may have, or raises.

    Raises:
        MalformedPOSTRequest, InvalidArgument, EntityTooLarge: the form is not as it should be.
    """
    mark = b"--" + boundary
    body = _Body(chunks)
    fields: dict[str, str] = {}
    file: bytes | None = None
    await body.until(mark, _MOST_HEADER_BYTES)
    while await body.take(2) == b"\r\n":
        name = _name(await body.until(b"\r\n\r\n", _MOST_HEADER_BYTES))
        if name == "file":
            if file is not None:
                raise MalformedPOSTRequest("The form has more than one file.")
            file = await _file(body, mark, admit(fields))
            continue
        value = (await body.until(mark, _MOST_FIELD_BYTES)).rstrip(b"\r\n")
        if name in fields or len(fields) == _MOST_FIELDS:
            raise InvalidArgument("A field of the form comes twice, or there are too many.")
        fields[name] = value.decode("utf-8", "replace")
    if file is None:
        raise MalformedPOSTRequest("The form has no file.")
    return Form(fields, file)


async def _file(body: "_Body", mark: bytes, most: int) -> bytes:
    file = (await body.until(mark, most + 2)).removesuffix(b"\r\n")
    if len(file) > most:
        raise _too_large()
    return file


def _name(header: bytes) -> str:
    match = _NAME.search(header)
    if match is None:
        raise MalformedPOSTRequest("A part of the form has no name.")
    return match[1].decode("utf-8", "replace")


class _Body:
    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()

    async def until(self, mark: bytes, most: int) -> bytes:
        """The bytes before the next `mark`, which is taken off too; at most `most` of them."""
        start = 0
        while (end := self._held.find(mark, start)) < 0:
            # A mark may stand half in what is held and half in what is still to come.
            start = max(0, len(self._held) - len(mark) + 1)
            if start > most:
                raise _too_large()
            await self._more()
        if end > most:
            raise _too_large()
        with memoryview(self._held) as view:
            taken = bytes(view[:end])
        del self._held[: end + len(mark)]
        return taken

    async def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._held) < count:
            await self._more()
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    async def _more(self) -> None:
        chunk = await anext(self._chunks, None)
        if chunk is None:
            raise MalformedPOSTRequest("The body ended before its form did.")
        self._held += chunk


def _too_large() -> EntityTooLarge:
    return EntityTooLarge("Your proposed upload exceeds the maximum allowed size.")
