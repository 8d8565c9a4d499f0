"""Style sheets, scripts and icons of the console."""

import mimetypes
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from koutu.server.console.guard import protect


async def static(request: Request) -> Response:
    """GET /console/static/NAME."""
    name = request.path_params["name"]
    data = _files().get(name)
    if data is None:
        return protect(Response(status_code=404))
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    return protect(Response(data, media_type=kind), store=True)


@cache
def _files() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (files("koutu.server.console") / "static").iterdir()}
