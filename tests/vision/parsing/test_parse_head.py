from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from koutu.vision.faces.detect_faces import detect_faces
from koutu.vision.parsing.outline_factor import outline_factor
from koutu.vision.parsing.parse_head import PARTS, cut_above, head_window, parse_head
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window
from koutu.vision.people.rvm import rvm


@pytest.mark.parametrize("looks", [{"twice": True}, {"mirrored": True}])
def test_mirrored_looks_keep_the_sides_apart_and_the_sum_at_one(photos: Path, looks: dict[str, bool]) -> None:
    image = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    parsed = parse_head(image, head_window(detect_faces(image)[0]), **looks)
    assert np.allclose(parsed.probabilities.sum(axis=0), 1, atol=0.01)
    columns = np.arange(parsed.probabilities.shape[2])
    left, right = (float((parsed.of(name) * columns).sum() / parsed.of(name).sum()) for name in ("l_eye", "r_eye"))
    # The subject's left is on the right of a frontal photo.
    assert left > right + 20


def test_the_matting_network_shares_the_outline(photos: Path) -> None:
    image = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    parsed = parse_head(image, head_window(detect_faces(image)[0]))
    factor = outline_factor(parsed, rvm(image))
    assert float((factor * (1 - parsed.probabilities[0])).max()) <= 1.01
    skin, before = parsed.of("skin") * factor > 0.5, parsed.of("skin") > 0.5
    assert (skin & before).sum() > 0.95 * (skin | before).sum()


def test_hair_at_the_windows_upper_edge_is_cut_only_inside_the_photo() -> None:
    hair = np.zeros((len(PARTS), 64, 64), np.float32)
    hair[PARTS.index("hair"), :20, 20:44] = 1
    hair[0] = 1 - hair[PARTS.index("hair")]
    assert cut_above(Parsed(Window(200, 200, 100), PARTS, hair), (400, 400))
    assert not cut_above(Parsed(Window(200, 40, 100), PARTS, hair), (400, 400))
