"""Results of earlier calls as inputs of later ones: whoever holds a good link may name it, as in the cloud."""

from urllib.parse import parse_qs, unquote, urlsplit

from koutu.errors import ImageDownload, TooLarge
from koutu.server.links import SIGNER, Links, Verdict
from koutu.server.storage import Objects


class Results:
    """Objects by this server's own signed links, whatever host these were made for."""

    def __init__(self, objects: Objects, links: Links) -> None:
        self._objects = objects
        self._links = links

    async def read(self, url: str, *, owner: str, max_bytes: int) -> bytes | None:
        """The object that a link names, `owner` being whoever holds it; None for a URL that this server did not sign.

        Raises:
            ImageDownload: the link has expired, or its object is gone.
            TooLarge: the object has more than `max_bytes`.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if query.get("OSSAccessKeyId") != SIGNER:
            return None
        key = unquote(parts.path.removeprefix("/"))
        match self._links.check(key, query):
            case Verdict.UNSIGNED | Verdict.WRONG:
                return None  # perhaps another server of this kind signed it
            case Verdict.EXPIRED:
                raise ImageDownload("The image's URL is a result link of this server, and it has expired.")
        meta = await self._objects.head(key)
        if meta is not None and meta.size > max_bytes:
            raise TooLarge(f"The image's file has {meta.size} bytes; {max_bytes} are the most that this action takes.")
        data = None if meta is None else await self._objects.get(key)
        if data is None:
            raise ImageDownload("The image's URL is a result link of this server, and its file is gone.")
        return data
