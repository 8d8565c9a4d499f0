import numpy as np

from koutu.contract import ACTIONS
from koutu.vision.scenes.label_scene import CLASSES, label_scene


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
