from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from koutu.vision.parsing import heads_from_behind as module
from koutu.vision.parsing.heads_from_behind import heads_from_behind, with_hair


def test_a_neck_is_no_head_and_a_cheek_beside_hair_is_part_of_one() -> None:
    hair, heads = np.zeros((60, 60), np.float32), np.zeros((60, 60), np.float32)
    hair[5:25, 20:40] = heads[5:25, 20:40] = 0.9
    heads[15:25, 40:45] = 0.8  # a cheek
    heads[40:50, 25:35] = 0.8  # a neck
    kept = with_hair(heads, hair)
    assert kept[20, 42] > 0.5
    assert kept[10, 30] > 0.5
    assert kept[45, 30] == 0


def test_on_permissive_weights_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "allowed", lambda name: False)
    assert heads_from_behind(np.zeros((9, 9, 3), np.uint8)) == []


def test_the_hair_of_a_covered_face_is_a_head(photos: Path) -> None:
    astronaut = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB")).copy()
    astronaut[85:180, 185:265] = (96, 60, 40)
    found = heads_from_behind(astronaut)
    assert found
    alpha, left, top = max(found, key=lambda head: head[0].sum())
    assert alpha[40 - top, 190 - left] > 200
