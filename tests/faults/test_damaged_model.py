"""A model file that went bad on the disk: its actions say so, the others go on, and a sound file mends it."""

import os
import shutil
from pathlib import Path

import pytest
from benchmarks.load.service import VERSION, photo_host, service, small_photo

from koutu.errors import ModelFault
from koutu.settings import current

pytestmark = pytest.mark.long


def damaged_home(home: Path, folder: Path) -> tuple[Path, Path]:
    """A copy of the models by links, but for the face detector, whose copy has one byte turned; the copy and that file."""
    shutil.copytree(home / "models", folder / "models", copy_function=os.symlink)
    file = next((folder / "models").glob("face_full_range-*/*.tflite"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.unlink()
    file.write_bytes(data)
    return folder, file


def test_a_damaged_model_stops_its_own_actions_alone(tmp_path: Path) -> None:
    home = current().home
    copy, file = damaged_home(home, tmp_path / "home")
    files = {"cat.jpg": small_photo(), "person.jpg": small_photo("skimage_astronaut.png")}
    with photo_host(files) as photos, service(KOUTU_HOME=str(copy), KOUTU_FETCH_TIMEOUT_S="30") as server:
        endpoint = server.endpoint(timeout=240)
        with pytest.raises(ModelFault, match="koutu models install"):
            endpoint.call("SegmentFace", VERSION, {"ImageURL": f"{photos}/person.jpg"})
        assert endpoint.call("SegmentCommonImage", VERSION, {"ImageURL": f"{photos}/cat.jpg"})["Data"]["ImageURL"]
        assert server.stop() == 0
        file.unlink()
        file.symlink_to(next((home / "models").glob("face_full_range-*/*.tflite")))
        server.start()
        assert endpoint.call("SegmentFace", VERSION, {"ImageURL": f"{photos}/person.jpg"})["Data"]["Elements"]
