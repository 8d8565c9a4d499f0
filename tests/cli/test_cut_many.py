"""`koutu cut` over folders: what it finds, where results go, what is done before, what failed; also after kill -9."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import koutu
from koutu.actions.outcome import Element, Outcome
from koutu.cli.main import app
from koutu.contract import Form
from koutu.errors import ModelFault
from koutu.images.photo import to_picture
from koutu.results import Result

KOUTU = str(Path(sys.executable).with_name("koutu"))
run = CliRunner().invoke


@pytest.fixture
def quick(monkeypatch):
    """Have `koutu cut common` cut a disc out at once; gives the photos that it was asked for."""
    asked = []

    def disc(photo):
        asked.append(photo)
        picture = to_picture(photo)
        y, x = np.ogrid[: picture.height, : picture.width]
        inside = (y - picture.height / 2) ** 2 + (x - picture.width / 2) ** 2 < (min(picture.height, picture.width) / 3) ** 2
        return Result.of(picture, Outcome((Element(inside.astype(np.uint8) * 255),)), Form.RGBA)

    monkeypatch.setattr(koutu.here, "segment_common_image", disc, raising=False)
    return asked


def photo(path: Path, colour: str = "teal") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), colour).save(path)
    return path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_tree_is_kept_whatever_the_names(quick, tmp_path):
    tree = tmp_path / "in"
    for name in ("a.JPG", "sub folder/b c.png", "深/层/猫.webp", "sub folder/.hidden.jpg", ".git/c.png"):
        photo(tree / name)
    (tree / "notes.txt").write_text("no photo")
    (tree / "loop").symlink_to(tree)
    result = run(app, ["cut", "common", str(tree), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "out") == ["a.png", "sub folder/b c.png", "深/层/猫.png"]
    assert "3 cut" in result.output


def test_a_name_that_is_no_utf8_is_cut_and_shown(quick, tmp_path):
    name = os.fsdecode(b"caf\xe9.png")
    good, bad = photo(tmp_path / "in" / name), tmp_path / "in" / os.fsdecode(b"b\xe9.jpg")
    bad.write_bytes(b"nothing")
    result = run(app, ["cut", "common", str(good.parent), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert (tmp_path / "out" / name).exists()
    assert "b\ufffd.jpg" in result.output


def test_photos_of_one_name_do_not_overwrite_each_other(quick, tmp_path):
    for name in ("a.jpg", "a.png", "A.bmp", "b.jpg"):
        photo(tmp_path / "in" / name)
    assert run(app, ["cut", "common", str(tmp_path / "in"), "-o", str(tmp_path / "out")]).exit_code == 0
    assert files(tmp_path / "out") == ["A.bmp.png", "a.jpg.png", "a.png.png", "b.png"]
    for folder in ("one", "two"):
        photo(tmp_path / folder / "same.jpg")
    many = tmp_path / "many"
    assert run(app, ["cut", "common", str(tmp_path / "one"), str(tmp_path / "two"), "-o", str(many)]).exit_code == 0
    assert files(many) == ["one/same.png", "two/same.png"]


def test_patterns_that_no_shell_expanded(quick, tmp_path):
    for name in ("a1.jpg", "a2.jpg", "b.jpg"):
        photo(tmp_path / name)
    assert run(app, ["cut", "common", str(tmp_path / "a*.jpg"), "-o", str(tmp_path / "out")]).exit_code == 0
    assert files(tmp_path / "out") == ["a1.png", "a2.png"]


def test_what_is_done_is_passed_over(quick, tmp_path):
    photos, out = tmp_path / "in", tmp_path / "out"
    for number in range(4):
        photo(photos / f"{number}.jpg")
    arguments = ["cut", "common", str(photos), "-o", str(out)]
    assert "4 cut" in run(app, arguments).output
    assert "0 cut, 4 done before" in run(app, arguments).output
    assert len(quick) == 4
    (out / "1.png").unlink()
    later = time.time() + 5
    os.utime(photos / "2.jpg", (later, later))
    assert "2 cut, 2 done before" in run(app, arguments).output, "what is missing, and what changed since"
    os.utime(photos / "2.jpg")
    assert "4 cut" in run(app, [*arguments, "--form", "mask"]).output, "another form is another result"
    assert "4 done before" in run(app, [*arguments, "--form", "mask"]).output
    assert "4 cut" in run(app, [*arguments, "--form", "mask", "--overwrite"]).output


def test_results_beside_their_photos_are_no_photos(quick, tmp_path):
    photo(tmp_path / "a.png")
    for _ in range(2):
        assert run(app, ["cut", "common", str(tmp_path)]).exit_code == 0
    assert files(tmp_path) == ["a.common.png", "a.png"]


def test_results_below_the_photos_are_no_photos(quick, tmp_path):
    photo(tmp_path / "a.png")
    for _ in range(2):
        assert run(app, ["cut", "common", str(tmp_path), "-o", str(tmp_path / "out")]).exit_code == 0
    assert files(tmp_path / "out") == ["a.png"]


def test_failures_are_told_with_their_reasons(quick, tmp_path):
    photos = tmp_path / "in"
    photo(photos / "good.jpg")
    (photos / "empty.jpg").touch()
    (photos / "text.png").write_text("no picture")
    (photos / "folder.jpg").mkdir()
    (photos / "gone.jpg").symlink_to("nowhere")
    report = tmp_path / "report.json"
    result = run(
        app, ["cut", "common", str(photos), str(tmp_path / "none.jpg"), "-o", str(tmp_path / "o"), "--report", str(report)]
    )
    assert result.exit_code == 1
    assert "1 cut, 4 failed" in result.output
    told = json.loads(report.read_text())
    assert told["cut"] == 1
    reasons = {Path(entry["file"]).name: entry["reason"] for entry in told["failed"]}
    assert set(reasons) == {"empty.jpg", "text.png", "gone.jpg", "none.jpg"}
    assert "empty" in reasons["empty.jpg"]
    assert reasons["none.jpg"] == "no such file"
    assert "No such file" in reasons["gone.jpg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_is_told(quick, tmp_path):
    photo(tmp_path / "in" / "good.jpg")
    (tmp_path / "in" / "shut").mkdir(mode=0)
    result = run(app, ["cut", "common", str(tmp_path / "in"), "-o", str(tmp_path / "out")])
    (tmp_path / "in" / "shut").chmod(0o700)
    assert result.exit_code == 1
    assert "cannot be read" in result.output


def test_a_missing_model_ends_the_run_at_once(quick, tmp_path, monkeypatch):
    def broken(photo):
        raise ModelFault("The model isnet is damaged.")

    monkeypatch.setattr(koutu.here, "segment_common_image", broken, raising=False)
    for number in range(30):
        photo(tmp_path / "in" / f"{number}.jpg")
    result = run(app, ["cut", "common", str(tmp_path / "in"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "Stopped: The model isnet is damaged." in result.output
    assert "30 left" in result.output


def test_an_unknown_fault_is_not_swallowed(quick, tmp_path, monkeypatch):
    monkeypatch.setattr(koutu.here, "segment_common_image", lambda photo: 1 / 0, raising=False)
    with pytest.raises(ZeroDivisionError):
        run(app, ["cut", "common", str(photo(tmp_path / "a.jpg"))], catch_exceptions=False)


@pytest.mark.parametrize(
    ("options", "mode", "corner"),
    [
        (["--form", "white"], "RGB", (255, 255, 255)),
        (["--background", "#102030"], "RGB", (16, 32, 48)),
        (["--form", "mask"], "L", 0),
        (["--format", "webp", "--background", "red"], "RGB", None),
    ],
)
def test_forms_and_backgrounds(quick, tmp_path, options, mode, corner):
    source = photo(tmp_path / "a.jpg")
    assert run(app, ["cut", "common", str(source), "-o", str(tmp_path / "out"), *options]).exit_code == 0
    (out,) = (tmp_path / "out").iterdir()
    with Image.open(out) as image:
        assert (image.mode, image.size) == (mode, (40, 30))
        assert corner is None or image.getpixel((0, 0)) == corner


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["change-sky"], "--with"),
        (["common", "--with", "{photo}"], "no --with"),
        (["scene", "--form", "mask"], "labels"),
        (["scene", "--background", "red"], "nothing out"),
        (["common", "--background", "nowhere.jpg"], "neither"),
        (["common", "--format", "doc"], "format"),
        (["common", "--endpoint", "127.0.0.1:1"], "KOUTU_KEY_ID"),
    ],
)
def test_commands_that_cannot_be_meant(tmp_path, arguments, says):
    source = str(photo(tmp_path / "a.jpg"))
    result = run(app, ["cut", arguments[0], source, *(part.format(photo=source) for part in arguments[1:])])
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


def test_a_stream_in_and_a_stream_out(photos):
    data = (photos / "skimage_coffee.png").read_bytes()
    cut = subprocess.run([KOUTU, "cut", "common", "-", "--form", "mask"], input=data, stdout=subprocess.PIPE, check=True)
    assert cut.stdout.startswith(b"\x89PNG")
    broken = subprocess.run([KOUTU, "cut", "common", "-"], input=b"nothing", capture_output=True, check=False)
    assert (broken.returncode, broken.stdout) == (1, b"")
    assert b"not a JPEG" in broken.stderr
    assert b"Traceback" not in broken.stderr


def test_a_reader_that_goes_away_is_no_traceback():
    process = subprocess.Popen([KOUTU, "models", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(60) != 0


def mixed_folder(folder: Path, photos: Path, sound: int, broken: int) -> None:
    """Photos of several formats in a tree, and files that are broken in several ways."""
    samples = sorted(photos.glob("sk*"))
    suffixes = (".jpg", ".PNG", ".webp", ".bmp", ".tiff", ".avif")
    for number in range(sound):
        target = folder / f"盒 {number % 4}" / f"photo {number:03}{suffixes[number % len(suffixes)]}"
        target.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(samples[number % len(samples)]) as image:
            image.convert("RGB").resize((240, 160)).save(target)
    whole = samples[0].read_bytes()
    for number in range(broken):
        bad = (b"", b"no picture", whole[: len(whole) // 3], whole[:30])[number % 4]
        (folder / f"broken {number}.png").write_bytes(bad)


def kill_and_resume(tmp_path: Path, photos: Path, sound: int, broken: int, kills: list[int]) -> None:
    source, out, report = tmp_path / "in", tmp_path / "out", tmp_path / "report.json"
    mixed_folder(source, photos, sound, broken)
    command = [KOUTU, "cut", "common", str(source), "-o", str(out), "--report", str(report)]
    for count in kills:
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while len(list(out.rglob("*.png"))) < count:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    for path in out.rglob("*.png"):
        with Image.open(path) as image:
            image.load()
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    last = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    assert last.returncode == 1, last.stderr
    told = json.loads(report.read_text())
    assert told["cut"] == sound - len(before)
    assert told["done_before"] == len(before) >= kills[-1]
    assert len(told["failed"]) == broken
    assert all(entry["reason"] for entry in told["failed"])
    assert {path: path.stat().st_mtime_ns for path in before} == before, "what was done is left alone"
    assert len(files(out)) == sound, "every photo has its cutout, and nothing half-written is left"
    again = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    assert f"0 cut, {sound} done before, {broken} failed" in again.stderr


def test_a_killed_run_goes_on(tmp_path, photos):
    kill_and_resume(tmp_path, photos, sound=10, broken=3, kills=[3])


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_two_hundred_files_with_ten_broken_ones_and_three_kills(tmp_path, photos):
    kill_and_resume(tmp_path, photos, sound=190, broken=10, kills=[20, 75, 140])


def test_ctrl_c_ends_a_run_with_its_summary(tmp_path, photos):
    mixed_folder(tmp_path / "in", photos, 12, 0)
    process = subprocess.Popen(
        [KOUTU, "cut", "common", str(tmp_path / "in"), "-o", str(tmp_path / "out")], stderr=subprocess.PIPE, text=True
    )
    while not list((tmp_path / "out").rglob("*.png")):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "left" in said
    assert "goes on from here" in said
    assert "Traceback" not in said


def test_a_watched_folder_is_cut_as_photos_come(tmp_path, photos):
    inbox, out = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    command = [KOUTU, "cut", "common", str(inbox), "-o", str(out), "--watch", "--every", "0.2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for name in ("skimage_coffee.png", "sklearn_flower.jpg"):
            shutil.copy(photos / name, inbox / name)
            deadline = time.monotonic() + 60
            while not (out / Path(name).with_suffix(".png")).exists():
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert files(out) == ["skimage_coffee.png", "sklearn_flower.png"]
