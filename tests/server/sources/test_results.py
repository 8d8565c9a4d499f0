"""A result's link as the input of another call."""

from pathlib import Path

import anyio
import pytest

from koutu.errors import ImageDownload, TooLarge
from koutu.server.links import Links
from koutu.server.sources.results import Results
from koutu.server.storage import open_objects
from koutu.settings import Settings

KEY = "results/2026-11-22/ab c-0.png"


class World:
    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.objects = open_objects(Settings(data=folder))
        self.links = Links(b"secret", lambda: self.now)
        self.results = Results(self.objects, self.links)
        anyio.run(self.objects.put, KEY, b"pixels")

    def read(self, url: str, max_bytes: int = 6) -> bytes | None:
        async def run() -> bytes | None:
            return await self.results.read(url, owner="7", max_bytes=max_bytes)

        return anyio.run(run)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8080", "https://seg.example.com"])
def test_a_good_link_is_read_inside(world: World, base: str) -> None:
    assert world.read(world.links.make(base, KEY, 2000)) == b"pixels"
    with pytest.raises(TooLarge):
        world.read(world.links.make(base, KEY, 2000), max_bytes=5)


def test_a_link_ends(world: World) -> None:
    link = world.links.make("http://127.0.0.1:8080", KEY, 2000)
    world.now = 2001
    with pytest.raises(ImageDownload, match="expired"):
        world.read(link)


def test_an_object_may_be_gone(world: World) -> None:
    with pytest.raises(ImageDownload, match="gone"):
        world.read(world.links.make("http://127.0.0.1:8080", "results/other.png", 2000))


def test_what_was_not_signed_here_is_left_to_the_network(world: World) -> None:
    link = world.links.make("http://127.0.0.1:8080", KEY, 2000)
    stranger = Links(b"another", lambda: 1000.0).make("http://127.0.0.1:8080", KEY, 2000)
    for url in (
        "",
        "http://[::1",
        "http://example.com/a.png",
        link.replace("Signature=", "Signature=A"),
        link.replace("ab%20c", "abc"),
        stranger,
    ):
        assert world.read(url) is None
