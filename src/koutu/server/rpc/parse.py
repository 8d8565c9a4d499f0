"""From an HTTP request to an `RpcRequest`: query, form and JSON bodies, chunked or not, within a size."""

import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl

import anyio
from starlette.requests import ClientDisconnect, Request

from koutu.errors import InvalidParameter, Timeout, TooLarge
from koutu.server.rpc.request import RpcRequest

_MOST_PARAMETERS = 1000
_DEEPEST = 8


async def parse(request: Request, request_id: str, *, base: str, max_bytes: int, timeout_s: float) -> RpcRequest:
    """Read and take apart one request.

    Raises:
        TooLarge: the body has more than `max_bytes`.
        Timeout: the body did not come within `timeout_s` seconds.
        InvalidParameter: query or body cannot be read, or contradict each other.
    """
    query = read_query(request)
    body = await read_body(request, max_bytes, timeout_s)
    form = _parameters(body, request.headers.get("content-type", ""))
    for key in query.keys() & form.keys():
        if query[key] != form[key]:
            raise InvalidParameter(f"{key[:60]} stands in the query and in the body with different values.")
    return RpcRequest(
        request_id=request_id,
        method=request.method,
        host=request.headers.get("host", ""),
        base=base,
        headers={name: value.strip() for name, value in request.headers.items()},
        query=query,
        form=form,
        body=body,
    )


def read_query(request: Request) -> dict[str, str]:
    """The decoded parameters of the URL.

    Raises:
        InvalidParameter: they are not percent-encoded UTF-8, too many, or contradict each other.
    """
    raw: bytes = request.scope.get("query_string", b"")
    return _decode(raw, "query")


async def read_body(request: Request, max_bytes: int, timeout_s: float) -> bytes:
    """The whole body of a request; raises as `parse` does."""
    chunks = bytearray()
    try:
        with anyio.fail_after(timeout_s):
            async for chunk in request.stream():
                chunks += chunk
                if len(chunks) > max_bytes:
                    raise TooLarge(f"The request's body is larger than {max_bytes} bytes, the most that is taken here.")
    except TimeoutError:
        raise Timeout(f"The request's body did not come within {timeout_s:g} seconds.") from None
    except ClientDisconnect:
        raise InvalidParameter("The request's body broke off.") from None
    return bytes(chunks)


def _parameters(body: bytes, content_type: str) -> dict[str, str]:
    if not body.strip():
        return {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _read_json(body)
    if kind in ("application/x-www-form-urlencoded", ""):
        return _decode(body, "body")
    raise InvalidParameter(f"A body is a form or JSON, not {kind[:60]!r}.")


def _decode(raw: bytes, place: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError:
        raise InvalidParameter(f"The {place} is not percent-encoded UTF-8.") from None
    except ValueError:
        raise InvalidParameter(f"The {place} has more than {_MOST_PARAMETERS} parameters.") from None
    return _unique(pairs, place)


def _read_json(body: bytes) -> dict[str, str]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidParameter("The body says it is JSON and cannot be read as such.") from None
    if not isinstance(document, dict):
        raise InvalidParameter("A JSON body is an object of parameters.")
    return _unique(_flatten(document), "body")


def _flatten(node: Mapping[str, object] | list[object], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Lists as Name.1, Name.2 and objects as Name.Key, as the SDKs spell them."""
    if depth > _DEEPEST:
        raise InvalidParameter(f"The JSON body is nested deeper than {_DEEPEST}.")
    entries: Iterable[tuple[object, object]] = enumerate(node, 1) if isinstance(node, list) else node.items()
    for key, value in entries:
        name = f"{prefix}{key}"
        match value:
            case None:
                continue
            case bool():
                yield name, "true" if value else "false"
            case str():
                yield name, value
            case dict() | list():
                yield from _flatten(value, f"{name}.", depth + 1)
            case _:
                yield name, str(value)


def _unique(pairs: Iterable[tuple[str, str]], place: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in pairs:
        # XML and signatures are made of these strings, so half of a surrogate pair or a NUL may not get further than here.
        if not _sound(key) or not _sound(value):
            raise InvalidParameter(f"The {place} holds characters that no text holds.")
        if values.setdefault(key, value) != value:
            raise InvalidParameter(f"{key[:60]} stands in the {place} twice with different values.")
    if len(values) > _MOST_PARAMETERS:
        raise InvalidParameter(f"The {place} has more than {_MOST_PARAMETERS} parameters.")
    return values


def _sound(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
