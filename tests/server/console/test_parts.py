"""The console's parts by themselves."""

import ast
import asyncio
import subprocess
from datetime import UTC, datetime

import pytest

from koutu.contract import ACTIONS
from koutu.contract.wording import LANGUAGES
from koutu.errors import ImageDownload
from koutu.server.console.attempts import Attempts
from koutu.server.console.charts import HEIGHT, bars
from koutu.server.console.photos import PHOTO_SECONDS, Photos
from koutu.server.console.playground import CALLABLE, samples
from koutu.server.console.rendering import texts
from koutu.server.console.snippets import Call, Input, snippets
from koutu.server.console.usage import quantile
from koutu.server.samples import sample
from koutu.server.storage import open_objects

BASE = "http://127.0.0.1:8080"


def test_attempts_are_forgotten_in_time():
    now = [0.0]
    attempts = Attempts(most=2, window_s=10, clock=lambda: now[0])
    attempts.failed("a")
    now[0] = 4
    attempts.failed("a")
    assert attempts.wait_s("b") == 0
    assert attempts.wait_s("a", "b") == 7
    now[0] = 10.5
    assert attempts.wait_s("a") == 0


def test_photos_last_an_hour(settings):
    now = [datetime.now(UTC).timestamp()]
    objects = open_objects(settings)
    photos = Photos(objects, b"secret", lambda: now[0])

    async def live():
        key = await photos.keep("1", b"photo")
        url = f"{BASE}/{key}"
        assert await photos.read(url, owner="1", max_bytes=100) == b"photo"
        assert await photos.read(f"{BASE}/upload/x", owner="1", max_bytes=100) is None
        with pytest.raises(ImageDownload):
            await photos.read(url, owner="2", max_bytes=100)
        await photos.sweep()
        assert await objects.get(key) == b"photo"
        now[0] += PHOTO_SECONDS + 2
        with pytest.raises(ImageDownload):
            await photos.read(url, owner="1", max_bytes=100)
        await photos.sweep()
        assert await objects.get(key) is None

    asyncio.run(live())


def test_every_word_is_there_in_every_language():
    assert len({frozenset(texts(language)) for language in LANGUAGES}) == 1


def test_samples_of_the_playground_ship():
    for action in CALLABLE.values():
        assert all(sample(name) for name in samples(action))


def test_bars_stand_on_the_axis():
    chart = bars([("a", 0.0), ("b", 3.0), ("c", None)], " ms")
    assert [round(bar.y + bar.height) for bar in chart.bars] == [HEIGHT] * 3
    assert [bar.value for bar in chart.bars] == ["0 ms", "3 ms", "-"]
    assert chart.lines[-1] == (0.0, "4 ms")


def test_quantiles():
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([5.0], 0.95) == 5


def _calls():
    for action in ACTIONS.values():
        if not action.images:
            continue
        for own in (False, True):
            images = tuple(
                Input(p.name, 'it\'s "a" $photo`.jpg' if own else "cat.png", f"{BASE}/samples/cat.png", not own)
                for p in action.images
            )
            yield Call(action, BASE, images, {})
            for form in list(action.forms)[1:2]:
                yield Call(action, BASE, images, {"ReturnForm": form})
    cloth, body = ACTIONS["SegmentCloth"], ACTIONS["SegmentBody"]
    photo = (Input("ImageURL", "a.jpg", f"{BASE}/playground/x", False),)
    yield Call(cloth, BASE, photo, {"ClothClass.1": "tops", "ClothClass.2": "hat", "OutMode": "1"})
    yield Call(body, BASE, photo, {"Async": "true"})


def test_code_of_every_call_can_be_read_by_its_language(tmp_path):
    shell, shells = tmp_path / "all.sh", []
    for call in _calls():
        code = snippets(call)
        for kind in ("new-python", "old-python", "library"):
            ast.parse(code[kind])
        shells += [code["curl"], code["cli"]]
    shell.write_text("\n".join(f"function f{number}() {{\n{text}\n}}" for number, text in enumerate(shells)))
    subprocess.run(["bash", "-n", str(shell)], check=True)


def test_strange_file_names_do_no_harm():
    name = Input("ImageURL", "../../\"; rm -rf ~ #$(x)`y`'.jpg", "", False).name
    assert not set(name) & set("\"'`$/\\;#~")
    assert Input("ImageURL", "-rf.jpg", "", False).name == "rf.jpg"


def test_code_calls_methods_that_the_official_client_has(settings):
    from alibabacloud_imageseg20191230 import models
    from alibabacloud_imageseg20191230.client import Client

    for call in _calls():
        tree = ast.parse(snippets(call)["new-python"])
        methods = {
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and "client" in ast.unparse(node.value)
        }
        assert {name for name in methods if not name.startswith("_") and not hasattr(Client, name)} - {
            "body",
            "to_map",
        } == set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Request"):
                cls = getattr(models, node.func.id, None)
                if cls is not None:
                    assert {keyword.arg for keyword in node.keywords} <= set(vars(cls()))
