from pathlib import Path

import numpy as np
from PIL import Image

from koutu.vision.people.pose import find_poses


def test_the_astronauts_pose(photos: Path) -> None:
    poses = find_poses(np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB")))
    assert len(poses) == 1
    nose, left_shoulder, right_shoulder = poses[0].points[[0, 11, 12]]
    assert np.hypot(*(nose - (226, 125))) < 30
    # The subject's left is on the right of a frontal photo.
    assert left_shoulder[0] > nose[0] > right_shoulder[0]
    assert left_shoulder[1] > nose[1]


def test_a_cat_is_no_person(photos: Path) -> None:
    assert find_poses(np.asarray(Image.open(photos / "skimage_chelsea.png").convert("RGB"))) == []
