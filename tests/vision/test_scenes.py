import cv2
import numpy as np

from koutu.contract import ACTIONS
from koutu.vision.scenes.label_scene import CLASSES, LOOKS, joined_probabilities, label_scene, scene_probabilities
from koutu.vision.scenes.permissive_scene import permissive_scene


def test_the_classes_are_those_of_the_contract():
    assert ACTIONS["SegmentScene"].classes == CLASSES


def test_the_likeliest_class_is_kept_at_any_size():
    probabilities = np.zeros((3, 4, 8), np.float32)
    probabilities[2, :, :4] = 0.9
    probabilities[1, :, 4:] = 0.8
    labels = label_scene(probabilities, 801, 1203)
    assert labels.shape == (1203, 801)
    assert (labels[:, :350] == 2).all()
    assert (labels[:, 450:] == 1).all()


def test_colours_and_places_answer_without_our_weights(photos):
    rocket = np.ascontiguousarray(cv2.imread(str(photos / "skimage_rocket.jpg"))[..., ::-1])
    lawn = np.zeros((120, 160, 3), np.uint8)
    lawn[:60] = (140, 185, 240)
    lawn[60:] = (70, 140, 50)
    found = permissive_scene(lawn, CLASSES)
    assert found.shape[0] == len(CLASSES)
    assert np.allclose(found.sum(axis=0), 1, atol=1e-4)
    assert CLASSES[int(found[:, 20, 80].argmax())] == "sky"
    assert CLASSES[int(found[:, 100, 80].argmax())] == "grass"
    assert permissive_scene(rocket, CLASSES).shape[0] == len(CLASSES)


def test_all_looks_together_are_probabilities_with_persons_as_the_closest_look_has_them(photos):
    rocket = np.ascontiguousarray(cv2.imread(str(photos / "skimage_rocket.jpg"))[..., ::-1])
    joined = joined_probabilities(rocket)
    close = scene_probabilities(rocket, short_side=LOOKS[1])
    assert joined.shape == close.shape
    assert np.abs(joined.sum(axis=0) - 1).max() < 1e-3
    assert joined.min() >= 0
    for name in ("person", "structure"):
        assert np.array_equal(joined[CLASSES.index(name)], close[CLASSES.index(name)])


def test_the_looks_change_what_surfaces_are_called(photos):
    rocket = np.ascontiguousarray(cv2.imread(str(photos / "skimage_rocket.jpg"))[..., ::-1])
    joined, close = joined_probabilities(rocket), scene_probabilities(rocket, short_side=LOOKS[1])
    assert np.abs(joined - close).max() > 0.01
