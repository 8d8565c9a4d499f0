"""An engine that answers at once, for tests of what is around it."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from koutu import library
from koutu.contract import Action


@dataclass
class FakeEngine:
    """Stands in for the library: answers with `elements` pictures at once, or raises `error`."""

    elements: int = 1
    error: Exception | None = None
    missing: set[str] = field(default_factory=set)
    seen: list[tuple[str, dict[str, bytes], dict[str, Any]]] = field(default_factory=list)

    def run(
        self, action: Action, images: Mapping[str, bytes], params: Mapping[str, Any], *, documented_limits: bool = False
    ) -> "FakeResult":
        self.seen.append((action.name, dict(images), dict(params)))
        if self.error:
            raise self.error
        return FakeResult(self.elements)

    def available(self, action: Action) -> bool:
        return action.name not in self.missing


class FakeResult:
    pixels = 1234

    def __init__(self, elements: int) -> None:
        self._elements = elements

    def encode(self) -> Iterator[library.Encoded]:
        for number in range(self._elements):
            file = io.BytesIO()
            Image.new("RGBA", (3, 2)).save(file, "PNG")
            yield library.Encoded(file.getvalue(), 10 + number, 20, 3, 2, f"part{number}")
