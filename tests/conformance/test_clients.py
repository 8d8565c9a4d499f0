"""Every action through every official client: by URL and from a file, in JSON and XML, at once and as a job."""

import io
import json
import re
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from koutu import library
from koutu.contract import ACTIONS, Form

pytestmark = pytest.mark.long

CLIENTS = tomllib.loads((Path(__file__).parent / "clients.toml").read_text(encoding="utf-8"))
OFFICIAL = [name for name in CLIENTS if not name.startswith("viapi")]
WORKING = [name for name in ACTIONS if name != "GetAsyncJobResult"]
PNG_MODES = {Form.RGBA: "RGBA", Form.CROP: "RGBA", Form.WHITE: "RGB", Form.MASK: "L", Form.RGB: "RGB", Form.LABELS: "P"}
JOB_SECONDS = 120


class Caller:
    """Calls actions through one client and checks what comes back."""

    def __init__(
        self, driver: Any, photos: Path, photo_host: str, files: dict[str, str], download: Callable[[str], bytes]
    ) -> None:
        self.driver = driver
        self.photos = photos
        self.photo_host = photo_host
        self.files = files
        self.download = download

    def call(self, action: str, mode: str, **params: Any) -> dict[str, Any]:
        if mode == "advance":
            images = {name: str(self.photos / file) for name, file in self.files.items()}
        else:
            images = {name: f"http://{self.photo_host}/{file}" for name, file in self.files.items()}
        answer: dict[str, Any] = self.driver.call(action, mode, {**images, **params}, tuple(images))
        return answer

    def check(self, action: str, mode: str, **params: Any) -> bool:
        """Call, and hold the answer against the contract; whether the photo showed the action its subject."""
        answer = self.call(action, mode, **params)
        if not library.available(ACTIONS[action]):
            assert answer["error"]["code"] == "InvalidApi.OutOfService", answer
            return False
        if answer.get("error", {}).get("code") == "InvalidParameter.Unsuitable":
            return False
        assert "body" in answer, answer["error"]
        body = answer["body"]
        assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", body["RequestId"])
        if ACTIONS[action].asynchronous == "always" or params.get("Async"):
            assert "Message" in body or action != "SegmentHDCommonImage"
            data = self.wait(body["RequestId"], "generic" if mode == "generic" else "xml" if mode == "xml" else "typed")
        else:
            data = body["Data"] or {}  # XML has no empty list
        return self.check_data(action, data, str(params.get("ReturnForm", "")))

    def wait(self, job: str, mode: str) -> dict[str, Any]:
        """Poll a job to its end; what its Result holds."""
        end = time.monotonic() + JOB_SECONDS
        while time.monotonic() < end:
            answer = self.driver.call("GetAsyncJobResult", mode, {"JobId": job}, ())
            assert "body" in answer, answer["error"]
            data = answer["body"]["Data"]
            assert data["JobId"] == job
            if data["Status"] not in ("QUEUING", "PROCESSING"):
                assert data["Status"] == "PROCESS_SUCCESS", data
                result: dict[str, Any] = json.loads(data["Result"])
                return result
            time.sleep(0.2)
        raise AssertionError(f"the job {job} did not end within {JOB_SECONDS} seconds")

    def check_data(self, action: str, data: dict[str, Any], return_form: str) -> bool:
        contract = ACTIONS[action]
        form = contract.form(return_form)
        with Image.open(self.photos / self.files[contract.images[0].name]) as photo:
            size = photo.size
        if contract.result.shape == "image":
            self.check_picture(data[contract.result.url], form, None if form is Form.CROP else size)
            return True
        elements = data.get("Elements") or []
        for element in elements:
            assert set(contract.result.fields) <= set(element), element
            box = (int(element["Width"]), int(element["Height"])) if contract.result.placed else size
            self.check_picture(element[contract.result.url], form, box)
        return bool(elements)

    def check_picture(self, url: str, form: Form, size: tuple[int, int] | None) -> None:
        with Image.open(io.BytesIO(self.download(url))) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert picture.mode == PNG_MODES[form]
            assert size is None or picture.size == size


@pytest.fixture
def caller(
    driver: Callable[..., Any],
    photos: Path,
    photo_host: str,
    image_params: Callable[[str], dict[str, str]],
    download: Callable[[str], bytes],
) -> Callable[..., Caller]:
    def get(client: str, action: str, scheme: str = "http") -> Caller:
        return Caller(driver(client, scheme), photos, photo_host, image_params(action), download)

    return get


def modes(client: str, calls: dict[str, list[str]], action: str) -> list[tuple[str, str, str]]:
    """(mark, mode, scheme) of every way in which a client can make this call."""
    typed = action in calls["typed"]
    ways = [("T", "typed", "http") if typed else ("G", "generic", "http")]
    if CLIENTS[client]["driver"] == "core.py" and typed:
        ways.append(("X", "xml", "http"))
    if action in calls["advance"]:
        # The newest client for Node knows no way to upload over plain http.
        if client != "node-4-0-1":
            ways.append(("A", "advance", "http"))
        if client == "node-4-0-1" or action in ("SegmentCommonImage", "RefineMask"):
            ways.append(("S", "advance", "https"))
    return ways


@pytest.mark.parametrize("action", WORKING)
@pytest.mark.parametrize("client", OFFICIAL)
def test_every_action(client: str, action: str, caller: Callable[..., Caller], table: dict[tuple[str, str], str]) -> None:
    failures = []
    for mark, mode, scheme in modes(client, caller(client, action).driver.calls, action):
        try:
            if not caller(client, action, scheme).check(action, mode):
                mark = mark.lower()
        except AssertionError as error:
            failures.append(f"{mode} over {scheme}: {error}")
            mark += "!"
        landed = library.available(ACTIONS[action])
        table[action, client] = table.get((action, client), "") + (mark if landed else "-")
    assert not failures, "\n".join(failures)
    if not library.available(ACTIONS[action]):
        pytest.skip("not in service yet: the documented error came back")


@pytest.mark.parametrize("client", [*OFFICIAL, "viapi-2-0-1"])
def test_a_job_of_every_client(client: str, caller: Callable[..., Caller], table: dict[tuple[str, str], str]) -> None:
    """A job that the oldest client submitted, asked for by each of the others: the key is the same."""
    body = caller("python-2-0-4", "SegmentHDCommonImage").call("SegmentHDCommonImage", "typed")["body"]
    asking = caller(client, "SegmentHDCommonImage")
    mode = "typed" if "GetAsyncJobResult" in asking.driver.calls["typed"] else "generic"
    table["GetAsyncJobResult", client] = mode[0].upper() + "!"
    asking.check_data("SegmentHDCommonImage", asking.wait(body["RequestId"], mode), "")
    table["GetAsyncJobResult", client] = mode[0].upper()


@pytest.mark.parametrize(
    ("action", "form"),
    [
        (name, form)
        for name in WORKING
        for form in ("mask", "crop", "whiteBK", "anything")
        if "ReturnForm" in ACTIONS[name].params
    ],
)
def test_every_return_form(action: str, form: str, caller: Callable[..., Caller]) -> None:
    if not library.available(ACTIONS[action]):
        pytest.skip("not in service yet")
    caller("python-4-0-1", action).check(action, "generic", ReturnForm=form)


def test_a_body_on_request_as_a_job(caller: Callable[..., Caller]) -> None:
    if not library.available(ACTIONS["SegmentBody"]):
        pytest.skip("not in service yet")
    assert caller("python-4-0-1", "SegmentBody").check("SegmentBody", "generic", Async="true")


@pytest.mark.parametrize("client", [name for name in OFFICIAL if name.endswith(("4-0-1", "1-1-14"))])
def test_lists_and_integers(client: str, caller: Callable[..., Caller]) -> None:
    if not library.available(ACTIONS["SegmentCloth"]):
        pytest.skip("not in service yet")
    cloth = caller(client, "SegmentCloth")
    answer = cloth.call("SegmentCloth", "typed", ClothClass=["tops", "coat"], ReturnForm="mask", OutMode=1)
    assert "body" in answer, answer["error"]
    for element in answer["body"]["Data"]["Elements"]:
        assert set(element["ClassUrl"]) <= {"tops", "coat"}


@pytest.mark.parametrize("client", OFFICIAL)
@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"ImageURL": ""}, "MissingImageURL"),
        ({"ImageURL": "http://例子.example/中.jpg"}, "IllegalUrlParameter"),
        ({"ImageURL": "ftp://example.com/a.jpg"}, "InvalidImage.URL"),
        ({"ImageURL": "http://127.0.0.1:1/a.jpg"}, "InvalidImage.Unsafe"),
        ({"ImageURL": "http://{host}/absent.jpg"}, "InvalidImage.Download"),
        ({"ImageURL": "http://{host}/"}, "InvalidImage.Content"),
    ],
)
def test_errors_reach_every_client(
    client: str, params: dict[str, str], code: str, caller: Callable[..., Caller], photo_host: str
) -> None:
    given = {name: value.replace("{host}", photo_host) for name, value in params.items()}
    answer = caller(client, "SegmentCommonImage").call("SegmentCommonImage", "typed", **given)
    assert answer["error"]["code"] == code, answer
    assert answer["error"]["message"]


@pytest.mark.parametrize("client", OFFICIAL)
def test_a_wrong_secret_is_told(client: str, plain: Any, driver: Callable[..., Any]) -> None:
    """The older client crashes on a SignatureDoesNotMatch without a colon in its message."""
    wrong = type(plain)(plain.base, {**plain.key, "access_key_secret": "wrong-secret"}, plain.folder)
    own = driver(client)
    impostor = type(own)(own.client, wrong, None)
    try:
        answer = impostor.call("SegmentCommonImage", "typed", {"ImageURL": "http://example.com/a.jpg"})
    finally:
        impostor.close()
    assert answer["error"]["code"] in ("SignatureDoesNotMatch", "InvalidAccessKeySecret"), answer


@pytest.mark.parametrize("client", [name for name in OFFICIAL if CLIENTS[name]["driver"] == "tea.py"])
@pytest.mark.parametrize("algorithm", ["ACS3-HMAC-SHA256", "v2"])
@pytest.mark.parametrize("kind", ["access_key", "sts", "bearer"])
def test_every_credential(
    client: str,
    algorithm: str,
    kind: str,
    plain: Any,
    bearer_token: str,
    temporary: dict[str, str],
    driver: Callable[..., Any],
    photo_host: str,
) -> None:
    """Older signatures from a newer client, a temporary key with its security token, a bearer token in its place."""
    config = {"signature_algorithm": algorithm, "type": kind}
    config |= {"sts": {"security_token": temporary["security_token"]}, "bearer": {"bearer_token": bearer_token}}.get(kind, {})
    own = driver(client)
    ids = {name: temporary[name] for name in plain.key} if kind == "sts" else plain.key
    other = type(own)(own.client, replace(plain, key=ids), None, config)
    try:
        answer = other.call("GetAsyncJobResult", "typed", {"JobId": "none"})
    finally:
        other.close()
    # The call got past its credentials.
    assert answer["error"]["code"] == "InvalidParameter", answer
