"""One photo of a bucket: fetched, cut out, stored; on whichever node Ray puts it."""

import time
from pathlib import PurePosixPath
from typing import Any

import obstore
from obstore.store import from_url

from koutu import library
from koutu.contract import ACTIONS
from koutu.errors import KoutuError

Row = dict[str, Any]


def result_key(key: str, number: int = 0) -> str:
    """Where the result of an object is kept: the key itself as PNG, further elements numbered."""
    path = PurePosixPath(key)
    return str(path.with_name(f"{path.name}{f'.{number}' if number else ''}.png"))


class CutOut:
    """Cuts out of one photo after the other, with the models loaded once.

    Args:
        source, target: obstore URLs of buckets or folders of buckets.
        action: the action's name.
        params: its parameters besides the photo.
    """

    def __init__(self, source: str, target: str, action: str, params: dict[str, str]) -> None:
        self._source = from_url(source)
        self._target = from_url(target)
        self._action = ACTIONS[action]
        self._params = params

    def __call__(self, row: Row) -> Row:
        """Work on `row["key"]`; the row with how many pictures came, what went wrong and how long it took."""
        started = time.perf_counter()
        key, pictures, error = row["key"], 0, ""
        try:
            data = bytes(obstore.get(self._source, key).bytes())
            results = list(library.run(self._action, {self._action.images[0].name: data}, self._params).encode())
            # The first picture is what tells a later run that the photo is done, so it is written last.
            for number, encoded in reversed(list(enumerate(results))):
                obstore.put(self._target, result_key(key, number), encoded.data)
            pictures = len(results)
        except KoutuError as failure:
            error = f"{failure.code}: {failure.message}"
        except (OSError, obstore.exceptions.BaseError) as failure:
            error = f"{type(failure).__name__}: {failure}"
        return {"key": key, "pictures": pictures, "error": error, "seconds": time.perf_counter() - started}
