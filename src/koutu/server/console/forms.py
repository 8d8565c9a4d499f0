"""What a page's form sent."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from koutu.errors import KoutuError
from koutu.server.rpc.parse import read_body

_MOST_BYTES = 65_536
_SECONDS = 10


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form; a form that cannot be read has none."""
    try:
        body = await read_body(request, _MOST_BYTES, _SECONDS)
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    except (KoutuError, ValueError):
        return {}
