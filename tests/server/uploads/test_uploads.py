"""From leave to file: what may be posted under a policy, who may read it, and when it is gone."""

import base64
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from koutu.errors import ImageDownload, TooLarge
from koutu.server.storage import open_objects
from koutu.server.uploads import PostObject, Uploads
from koutu.settings import Settings


class World:
    """A bucket with a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_800_000_000.0
        settings = Settings(data=folder, upload_seconds=7200)
        self.uploads = Uploads(settings, open_objects(settings), b"secret", lambda: self.now)
        self.app = Starlette(routes=[Route("/", PostObject(self.uploads).__call__, methods=["POST"])])

    def grant(self, owner: str = "alice") -> dict[str, str]:
        answer = self.uploads.authorize(owner=owner, scheme="http", host="127.0.0.1:8080", user_agent="")
        assert answer["UseAccelerate"] is False
        return {name: str(value) for name, value in answer.items()}

    def form(self, grant: dict[str, str], **changes: str) -> dict[str, str]:
        fields = {
            "OSSAccessKeyId": grant["AccessKeyId"],
            "policy": grant["EncodedPolicy"],
            "Signature": grant["Signature"],
            "key": grant["ObjectKey"],
            "success_action_status": "201",
            **changes,
        }
        return {name: value for name, value in fields.items() if value}

    def post(self, grant: dict[str, str], data: bytes = b"pixels", **changes: str) -> httpx.Response:
        files = {"file": (grant["ObjectKey"], data, "")}

        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
                return await client.post("/", data=self.form(grant, **changes), files=files)

        return anyio.run(run)

    def read(self, grant: dict[str, str], owner: str = "alice", max_bytes: int = 99) -> bytes | None:
        return self.read_url(f"http://127.0.0.1:8080/{grant['ObjectKey']}", owner, max_bytes)

    def read_url(self, url: str, owner: str = "alice", max_bytes: int = 99) -> bytes | None:
        async def run() -> bytes | None:
            return await self.uploads.read(url, owner=owner, max_bytes=max_bytes)

        return anyio.run(run)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_upload_is_its_owners(world: World) -> None:
    grant = world.grant()
    answer = world.post(grant)
    assert answer.status_code == 201
    root = ET.fromstring(answer.content)
    assert root.tag == "PostResponse"
    assert {child.tag: child.text for child in root} == {
        "Bucket": "127",
        "ETag": answer.headers["etag"],
        "Key": grant["ObjectKey"],
        "Location": f"http://127.0.0.1:8080/{grant['ObjectKey']}",
    }
    assert world.read(grant) == b"pixels"
    assert world.read_url(f"http://elsewhere.example/{grant['ObjectKey']}") == b"pixels"
    with pytest.raises(ImageDownload, match="no such upload"):
        world.read(grant, owner="mallory")
    with pytest.raises(TooLarge):
        world.read(grant, max_bytes=5)


@pytest.mark.parametrize(("status", "expected"), [("200", 200), ("204", 204), ("", 204), ("nonsense", 204)])
def test_the_status_that_was_asked_for(world: World, status: str, expected: int) -> None:
    assert world.post(world.grant(), success_action_status=status).status_code == expected


def test_a_policy_ends(world: World) -> None:
    grant = world.grant()
    world.now += 3601
    error = ET.fromstring(world.post(grant).content)
    assert (error.findtext("Code"), error.findtext("Message")) == (
        "AccessDenied",
        "Invalid according to Policy: Policy expired.",
    )
    with pytest.raises(ImageDownload):
        world.read(grant)


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, "SignatureDoesNotMatch", 403),
        ({"Signature": "密"}, "SignatureDoesNotMatch", 403),
        ({"OSSAccessKeyId": "somebody"}, "InvalidAccessKeyId", 403),
        ({"policy": ""}, "InvalidArgument", 400),
        ({"Signature": ""}, "InvalidArgument", 400),
        ({"key": ""}, "InvalidArgument", 400),
        ({"key": "upload/other"}, "AccessDenied", 403),
        ({"key": "../../koutu.db"}, "AccessDenied", 403),
        (
            {"policy": base64.b64encode(b'{"expiration":"2099-01-01T00:00:00Z","conditions":[]}').decode()},
            "SignatureDoesNotMatch",
            403,
        ),
    ],
)
def test_another_post_than_was_allowed(world: World, tmp_path: Path, change: dict[str, str], code: str, status: int) -> None:
    answer = world.post(world.grant(), **change)
    root = ET.fromstring(answer.content)
    assert (answer.status_code, root.tag, root.findtext("Code")) == (status, "Error", code)
    assert root.findtext("RequestId")
    assert root.findtext("HostId") == "127.0.0.1:8080"
    assert [path for path in (tmp_path / "objects").rglob("*") if path.is_file()] == []


def test_a_policy_of_one_key_is_none_of_another(world: World) -> None:
    first, second = world.grant(), world.grant()
    assert world.post(first, key=second["ObjectKey"]).status_code == 403


def test_the_size_is_bound(world: World) -> None:
    grant = world.grant()
    most = json.loads(base64.b64decode(grant["EncodedPolicy"]))["conditions"][1][2]
    assert most == 40 * 1024 * 1024
    answer = world.post(grant, b"x" * (most + 1))
    assert (answer.status_code, ET.fromstring(answer.content).findtext("Code")) == (400, "EntityTooLarge")


def test_the_size_is_the_operators_where_limits_are_relaxed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, limits="relaxed", file_bytes=5000)
    uploads = Uploads(settings, open_objects(settings), b"secret")
    granted = uploads.authorize(owner="alice", scheme="http", host="127.0.0.1", user_agent="")
    assert json.loads(base64.b64decode(str(granted["EncodedPolicy"])))["conditions"][1][2] == 5000


def test_an_upload_ends(world: World, tmp_path: Path) -> None:
    old, new = world.grant(), None
    world.post(old)
    world.now += 7000
    new = world.grant()
    world.post(new)
    assert world.read(old) == b"pixels"
    world.now += 201
    with pytest.raises(ImageDownload):
        world.read(old)
    anyio.run(world.uploads.sweep)
    assert world.read(new) == b"pixels"
    files = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert [str(path.relative_to(tmp_path / "objects")) for path in files] == [new["ObjectKey"]]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/upload/",
        "http://127.0.0.1:8080/upload/../secret.key",
        "http://127.0.0.1:8080/upload/" + "0" * 32 + "/" + "0" * 32,
        "https://127.0.0.1:8080/upload/%2e%2e/%2e%2e/koutu.db",
    ],
)
def test_a_made_up_key_is_no_upload(world: World, url: str) -> None:
    with pytest.raises(ImageDownload):
        world.read_url(url)


@pytest.mark.parametrize(
    "url", ["", "http://127.0.0.1:8080/", "http://example.com/photo.jpg", "file:///upload/a", "http://example.com/a/upload/b"]
)
def test_other_urls_are_not_this_stores(world: World, url: str) -> None:
    assert world.read_url(url) is None
