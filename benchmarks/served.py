"""A server of its own for a benchmark, and the official SDK's client to it."""

import io
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alibabacloud_imageseg20191230.client import Client
from alibabacloud_imageseg20191230.models import SegmentCommonImageAdvanceRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions

_READY_SECONDS = 300
OPTIONS = RuntimeOptions(read_timeout=300_000, connect_timeout=10_000)


@dataclass(frozen=True)
class Served:
    """A running server: its process id, its endpoint, and a key."""

    pid: int
    endpoint: str
    key_id: str
    key_secret: str

    def client(self) -> Client:
        """The official SDK's client (alibabacloud-imageseg20191230 2.0.4)."""
        client = Client(Config(self.key_id, self.key_secret, endpoint=self.endpoint, protocol="http"))
        client._open_platform_endpoint = self.endpoint
        return client


@contextmanager
def served(data: str | Path, settings: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run `koutu serve` on a free port with a data folder."""
    koutu = str(Path(sys.executable).parent / "koutu")
    made = subprocess.run([koutu, "keys", "create", "--json", "--data", str(data)], capture_output=True, check=True)
    key = json.loads(made.stdout)
    command = [koutu, "serve", "--port", "0", "--data", str(data)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | dict(settings or {}))
    assert server.stdout is not None
    try:
        address = next(line.split()[-1] for line in server.stdout if "serving on" in line)
        _until_ready(address)
        yield Served(server.pid, address.removeprefix("http://"), key["access_key_id"], key["access_key_secret"])
    finally:
        server.terminate()
        server.wait()


def _until_ready(address: str) -> None:
    """Wait until the server has loaded its models: calls before that are slow, and make it expect all others to be so."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/readyz").close()
            return
        except urllib.error.HTTPError:
            time.sleep(0.2)
    raise TimeoutError("The server did not get ready.")


def cut_common(client: Client, photo: bytes) -> bytes:
    """A local photo through SegmentCommonImage, uploaded by the SDK, and the result fetched from its link."""
    request = SegmentCommonImageAdvanceRequest(image_urlobject=io.BytesIO(photo))
    url = client.segment_common_image_advance(request, OPTIONS).body.data.image_url
    with urllib.request.urlopen(url) as answer:
        result: bytes = answer.read()
    return result
