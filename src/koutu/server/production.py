"""From the URLs of a call to its stored pictures; what fails half-way leaves nothing behind."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from koutu import library
from koutu.contract import Action
from koutu.contract.parameters import Value
from koutu.engine import remaining
from koutu.errors import OutOfService
from koutu.server.clock import utc_now
from koutu.server.metrics import Metrics
from koutu.server.storage import Objects
from koutu.server.workers import Workers
from koutu.settings import Settings

RESULTS = "results"


class Fetch(Protocol):
    """Where input images come from."""

    async def fetch(self, url: str, *, max_bytes: int, timeout_s: float | None, owner: str) -> bytes:
        """The bytes that `url` names, for `owner`."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: its key, its place on the input in pixels, and what it shows."""

    key: str
    x: int
    y: int
    width: int
    height: int
    name: str


@dataclass(frozen=True, slots=True)
class Product:
    """What came of a call: pictures, and how many pixels went in."""

    pictures: tuple[Picture, ...]
    pixels: int

    def to_json(self) -> dict[str, Any]:
        """A form that a database can keep."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Product":
        """Back from that form."""
        return cls(tuple(Picture(**picture) for picture in document["pictures"]), document["pixels"])


@dataclass(frozen=True, slots=True)
class Order:
    """A verified call, ready to be worked on."""

    request_id: str
    action: Action
    params: Mapping[str, Value]
    owner: str
    day: str

    @property
    def urls(self) -> dict[str, str]:
        """Image parameter -> the URL that the caller gave."""
        return {image.name: str(self.params[image.name]) for image in self.action.images if image.name in self.params}

    def key(self, number: int) -> str:
        """Where the call's picture of this number is kept; a call that is started again writes over what it wrote before."""
        return f"{RESULTS}/{self.day}/{self.request_id.lower()}-{number}.png"


def today() -> str:
    """The day in UTC that new results are filed under."""
    return utc_now().strftime("%Y-%m-%d")


class Production:
    """Fetches, has the library work, stores."""

    def __init__(self, settings: Settings, sources: Fetch, objects: Objects, workers: Workers, metrics: Metrics) -> None:
        self._settings = settings
        self._sources = sources
        self._objects = objects
        self._workers = workers
        self._metrics = metrics

    async def produce(self, order: Order) -> Product:
        """Work on a call; whatever stops it on the way, its pictures are taken away again.

        Raises:
            KoutuError: what went wrong.
        """
        stored: list[Picture] = []
        left = remaining()
        with self._workers.place(order.owner, math.inf if left is None else left):
            with self._metrics.stage("fetch"):
                images = await self._fetch(order)
            try:
                pixels = await self._work(order, images, stored)
            except BaseException:
                await asyncio.shield(self.discard(stored))
                raise
        return Product(tuple(stored), pixels)

    async def discard(self, pictures: list[Picture] | tuple[Picture, ...]) -> None:
        """Take a call's pictures away."""
        await self._objects.delete(picture.key for picture in pictures)

    async def _fetch(self, order: Order) -> dict[str, bytes]:
        limits = order.action.limits
        documented = self._settings.limits == "documented" and limits is not None
        max_bytes = limits.max_bytes if documented and limits else self._settings.file_bytes
        timeout_s = limits.download_timeout_s if limits else None
        fetch = self._sources.fetch
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {
                    name: group.create_task(fetch(url, max_bytes=max_bytes, timeout_s=timeout_s, owner=order.owner))
                    for name, url in order.urls.items()
                }
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return {name: task.result() for name, task in tasks.items()}

    async def _work(self, order: Order, images: Mapping[str, bytes], stored: list[Picture]) -> int:
        documented = self._settings.limits == "documented"

        def work() -> tuple[int, list[library.Encoded]]:
            with library.room(images):
                result = library.run(order.action, images, order.params, documented_limits=documented)
                return result.pixels, list(result.encode())

        with self._metrics.stage("work"):
            pixels, pictures = await self._workers.run(order.owner, work)
        for encoded in pictures:
            picture = Picture(order.key(len(stored)), encoded.x, encoded.y, encoded.width, encoded.height, encoded.name)
            # Noted before it is written: a write that breaks off may have left something.
            stored.append(picture)
            with self._metrics.stage("store"):
                await self._objects.put(picture.key, encoded.data)
        return pixels


def refuse_unavailable(action: Action) -> None:
    """Refuse an action whose vision this installation does not have.

    Raises:
        OutOfService: it does not.
    """
    if not library.available(action):
        raise OutOfService(f"{action.name} is not in service on this server.")
