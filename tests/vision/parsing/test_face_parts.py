from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.parsing import face_parts
from koutu.vision.parsing.parse_head import PARTS, Parsed


def test_each_pixel_counts_for_one_part(photos: Path) -> None:
    image = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    parts = face_parts.face_parts(image, detect_faces(image)[0], PARTS[1:])
    claims = np.sum([alpha > 127 for alpha in parts.values()], axis=0)
    assert claims.max() == 1
    assert claims[125, 226] == 1


def test_two_even_parts_claim_a_pixel_for_neither(monkeypatch: pytest.MonkeyPatch, photos: Path) -> None:
    even = np.zeros((len(PARTS), 320, 320), np.float32)
    even[[PARTS.index("nose"), PARTS.index("skin")]] = 0.5
    monkeypatch.setattr(face_parts, "parse_head", lambda _image, window, **_options: Parsed(window, PARTS, even))
    image = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    parts = face_parts.face_parts(image, detect_faces(image)[0], ("nose", "skin"))
    assert max(alpha.max() for alpha in parts.values()) <= 127
