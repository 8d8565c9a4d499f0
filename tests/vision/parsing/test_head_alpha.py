import numpy as np

from koutu.vision.faces.face import Face
from koutu.vision.parsing.head_alpha import head_alpha, main_patches, nearest, sharpened
from koutu.vision.parsing.parsed import Parsed
from koutu.vision.parsing.window import Window


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


def test_what_the_matting_network_does_not_see_is_no_head() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    image[40:60, 40:60] = 255
    one, window = face(50, 50, 20), Window(50, 50, 100)
    skin = np.zeros((50, 50), np.float32)
    skin[20:30, 20:30] = skin[2:12, 2:48] = 1  # the head, and a flat wall above it
    parsed = Parsed(window, ("background", "skin"), np.stack([1 - skin, skin]))
    alone, left, top = head_alpha(image, one, [one], parsed, ("skin",), None)
    assert alone[14, 50] > 200
    seen = np.zeros((1, 50, 50), np.float32)
    seen[0, 18:32, 18:32] = 1
    shared, left, top = head_alpha(image, one, [one], parsed, ("skin",), Parsed(window, ("person",), seen))
    assert (left, top) == (0, 0)
    assert shared[14, 50] < 100
    assert shared[50, 50] > 200
    # Where it misses the face as well, it says nothing about what is around it.
    missed, left, top = head_alpha(image, one, [one], parsed, ("skin",), Parsed(window, ("person",), np.zeros_like(seen)))
    assert np.array_equal(missed, alone)
