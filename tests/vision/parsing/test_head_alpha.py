import numpy as np

from koutu.vision.faces.face import Face
from koutu.vision.parsing.head_alpha import main_patches, nearest, sharpened


def face(x: float, y: float, size: float) -> Face:
    return Face(x - size / 2, y - size / 2, size, size, 1.0, ())


def test_a_pixel_belongs_to_the_nearest_face_in_face_sizes() -> None:
    near, far = face(20, 50, 20), face(80, 50, 40)
    mine = nearest(near, [near, far], (0, 0, 100, 100), 1.0, (100, 100))
    # Equally far in face sizes: a third of the way from the small face to the large one.
    assert mine[50, 38] == 1
    assert mine[50, 42] == 0
    others = nearest(far, [near, far], (0, 0, 100, 100), 1.0, (100, 100))
    assert np.abs(mine + others - 1).mean() < 0.01


def test_crumbs_are_dropped_and_the_main_patch_stays() -> None:
    soft = np.zeros((100, 100), np.float32)
    soft[20:80, 20:80] = 0.9
    soft[2:5, 2:5] = 0.8
    cleaned = main_patches(soft, 0.02)
    assert cleaned[3, 3] == 0
    assert np.array_equal(cleaned[20:80, 20:80], soft[20:80, 20:80])


def test_sharpening_keeps_the_middle_and_reaches_the_ends() -> None:
    ramp = np.array([0.0, 0.25, 0.5, 0.75, 1.0], np.float32)
    assert sharpened(ramp)[[0, 2, 4]].tolist() == [0.0, 0.5, 1.0]
    assert sharpened(ramp)[1] < 0.25
