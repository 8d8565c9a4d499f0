import cv2
import numpy as np

from koutu.contract import ACTIONS
from koutu.vision.scenes.label_scene import CLASSES, label_scene
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
