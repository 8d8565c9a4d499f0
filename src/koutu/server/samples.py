"""The sample photos under /samples/, to look at and as inputs of calls."""

from importlib.resources import files
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from koutu.errors import TooLarge
from koutu.settings import Settings

_PREFIX = "/samples/"
_SUFFIXES = (".jpg", ".png")


def sample(name: str) -> bytes | None:
    """A sample photo by its file name; None if there is none of this name."""
    if name.endswith(_SUFFIXES):
        for file in files("koutu.samples").iterdir():
            if file.name == name:
                return file.read_bytes()
    return None


async def serve_sample(request: Request) -> Response:
    """GET /samples/NAME."""
    name = request.path_params["name"]
    data = sample(name)
    return (
        Response(status_code=404)
        if data is None
        else Response(data, media_type="image/png" if name.endswith(".png") else "image/jpeg")
    )


class Samples:
    """Sample photos by this server's own URL, read without a connection to itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def read(self, url: str, *, owner: str, max_bytes: int) -> bytes | None:
        """The sample that a URL names, for any owner; None for every other URL.

        Raises:
            TooLarge: it has more than `max_bytes`.
        """
        try:
            parts = urlsplit(url)
            own = self._is_here(parts.hostname or "", parts.port or 80, parts.netloc)
        except ValueError:
            return None
        data = sample(parts.path.removeprefix(_PREFIX)) if own and parts.path.startswith(_PREFIX) else None
        if data is not None and len(data) > max_bytes:
            raise TooLarge(f"The sample has {len(data)} bytes; {max_bytes} are the most that this action takes.")
        return data

    def _is_here(self, host: str, port: int, netloc: str) -> bool:
        if netloc and netloc == self._settings.public_host.rpartition("//")[2]:
            return True
        # With port 0 the port is not known before the server listens.
        return (host == "localhost" or _is_loopback(host)) and self._settings.port in (0, port)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
