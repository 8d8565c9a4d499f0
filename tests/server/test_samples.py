import asyncio

import pytest

from koutu.errors import TooLarge
from koutu.server.samples import Samples, sample
from koutu.settings import Settings

CAT = "skimage_chelsea.png"


def test_samples_are_pictures():
    assert (sample(CAT) or b"").startswith(b"\x89PNG")


def _read(url, max_bytes=10_000_000, **settings):
    return asyncio.run(Samples(Settings(**settings)).read(url, owner="x", max_bytes=max_bytes))


@pytest.mark.parametrize(
    "url", [f"http://127.0.0.1:8080/samples/{CAT}", f"http://localhost:8080/samples/{CAT}", f"http://[::1]:8080/samples/{CAT}"]
)
def test_this_servers_samples_are_inputs(url):
    assert _read(url) == sample(CAT)


def test_behind_a_domain():
    url = f"https://koutu.example.com/samples/{CAT}"
    assert _read(url) is None
    assert _read(url, public_host="https://koutu.example.com") == sample(CAT)


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:9999/samples/{CAT}",
        f"http://example.com/samples/{CAT}",
        f"http://127.0.0.1:8080/{CAT}",
        "http://127.0.0.1:8080/samples/none.png",
        "http://127.0.0.1:8080/samples/../secret.key",
        "http://127.0.0.1:8080/samples/__init__.py",
        "http://[::1/samples/x.png",
    ],
)
def test_everything_else_is_not_a_sample(url):
    assert _read(url) is None


def test_the_actions_size_limit_holds():
    with pytest.raises(TooLarge):
        _read(f"http://127.0.0.1:8080/samples/{CAT}", max_bytes=1000)
