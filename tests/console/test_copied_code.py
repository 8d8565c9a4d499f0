"""The code that the console shows, copied and run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pytestmark = pytest.mark.long

PHOTOS = Path(__file__).parents[2] / "src" / "koutu" / "samples"
KINDS = ("new-python", "old-python", "javascript", "curl", "library", "cli")


@pytest.fixture(scope="session")
def run(clients, server):
    """Runs code of a kind in a folder, as its reader would."""
    found = clients.clients()

    def start(kind, code, folder):
        environment = {
            **os.environ,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": server.key["access_key_id"],
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": server.key["access_key_secret"],
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        if kind in ("new-python", "old-python"):
            names = ("python-2-0-4", "python-4-0-1") if kind == "new-python" else ("core-1-1-14",)
            commands = [[str(clients.install(found[name]) / "bin" / "python"), "-"] for name in names]
        elif kind == "javascript":
            client = clients.install(found["node-4-0-1"])
            environment["NODE_PATH"] = str(client / "node_modules")
            commands = [[clients._node(), "-"]]
        elif kind == "library":
            commands = [[sys.executable, "-"]]
        else:
            commands = [["bash", "-e", "-"]]
        for command in commands:
            for old in folder.glob("result*.png"):
                old.unlink()
            done = subprocess.run(
                command, input=code, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"{command[0]}\n{done.stdout}\n{done.stderr}"
            results = sorted(folder.glob("result*.png"))
            assert results, f"{command[0]}\n{done.stdout}\n{done.stderr}"
            for result in results:
                with Image.open(result) as picture:
                    picture.load()

    return start


def _copy(page, kind):
    page.click(f"[data-kind={kind}]")
    page.evaluate("navigator.clipboard.writeText('')")
    page.click("#copy")
    # The page's policy forbids a predicate that polls inside it.
    while not (text := page.evaluate("navigator.clipboard.readText()")):
        page.wait_for_timeout(50)
    return text


def _run_all(visit, run, folder):
    for kind in KINDS:
        run(kind, _copy(visit.page, kind), folder)


def test_of_a_file_and_a_return_form(visit, run, tmp_path):
    photo = tmp_path / "my photo (1).jpg"
    with Image.open(PHOTOS / "skimage_astronaut.png") as picture:
        picture.convert("RGB").save(photo, quality=92)
    page = visit.open("play/SegmentBody")
    page.set_input_files("input[type=file]", photo)
    page.select_option("[name=ReturnForm]", "mask")
    page.click("#run")
    visit.finish()
    _run_all(visit, run, tmp_path)


def test_of_a_sample(visit, run, tmp_path):
    visit.open("play/SegmentHead").locator("[data-sample]").first.click()
    visit.finish()
    _run_all(visit, run, tmp_path)


def test_of_a_job(visit, run, tmp_path):
    photo = tmp_path / "cat.png"
    photo.write_bytes((PHOTOS / "skimage_chelsea.png").read_bytes())
    page = visit.open("play/SegmentHDCommonImage")
    page.set_input_files("input[type=file]", photo)
    page.click("#run")
    visit.finish()
    _run_all(visit, run, tmp_path)


def test_of_parameters_that_older_clients_have_no_names_for(visit, run, tmp_path):
    page = visit.open("play/SegmentCloth")
    page.check("[name=ClothClass][value=coat]")
    page.check("[name=ClothClass][value=tops]")
    page.locator("[data-sample]").first.click()
    visit.finish()
    _run_all(visit, run, tmp_path)


def test_of_two_photos(visit, run, tmp_path):
    page = visit.open("play/RefineMask")
    for name in ("photo.png", "mask.png"):
        with Image.open(PHOTOS / "skimage_chelsea.png") as picture:
            (picture if name == "photo.png" else picture.convert("L").point(lambda value: 255 * (value > 90))).save(
                tmp_path / name
            )
    for field, name in zip(page.locator("input[type=file]").all(), ("photo.png", "mask.png"), strict=True):
        field.set_input_files(tmp_path / name)
    page.click("#run")
    visit.finish()
    _run_all(visit, run, tmp_path)
