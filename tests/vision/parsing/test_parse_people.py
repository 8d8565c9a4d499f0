"""What is asked of which parser, and how the answers are joined."""

import numpy as np
import pytest

from koutu.vision import both_ways
from koutu.vision.parsing import parse_people as parse_people_module
from koutu.vision.parsing.parse_people import CLASSES, parse_people

PHOTO = np.zeros((64, 96, 3), np.uint8)


@pytest.fixture
def asked(monkeypatch):
    """The names of the models that were run; each sees something else, and all of it on the left."""
    names = []
    levels = {"human_parser": 0.2, "garment_parser": 0.6}

    def run(name, inputs):
        names.append(name)
        size = inputs["image"].shape[-1]
        answer = np.zeros((1, len(CLASSES), size, size), np.float32)
        answer[..., : size // 2] = levels[name]
        return {"probabilities": answer}

    monkeypatch.setattr(both_ways, "run", run)
    return names


def test_people_are_parsed_by_one_network(asked):
    parsed = parse_people(PHOTO, size=32)
    assert asked == ["human_parser"]
    np.testing.assert_allclose(parsed.probabilities[:, 0, 0], 0.2, atol=1e-6)


def test_garments_are_the_mean_of_both_networks(asked):
    parsed = parse_people(PHOTO, size=32, garments=True)
    assert asked == ["human_parser", "garment_parser"]
    np.testing.assert_allclose(parsed.probabilities[:, 0, 0], 0.4, atol=1e-6)
    assert parsed.probabilities[:, 0, -1].max() == 0


def test_a_second_look_is_mirrored_back(asked):
    parsed = parse_people(PHOTO, size=32, twice=True, garments=True)
    assert asked == ["human_parser"] * 2 + ["garment_parser"] * 2
    np.testing.assert_allclose(parsed.probabilities[:, 0, (0, -1)], 0.2, atol=1e-6)


def test_a_first_look_that_is_known_is_not_asked_for_again(asked):
    once = parse_people(PHOTO, size=32)
    both = parse_people(PHOTO, size=32, twice=True, once=once)
    assert len(asked) == 2
    assert np.array_equal(both.probabilities, parse_people(PHOTO, size=32, twice=True).probabilities)


def test_a_network_of_ones_own_is_asked_alone(asked, monkeypatch):
    monkeypatch.setattr(parse_people_module, "replaced", lambda name: name == "human_parser")
    parse_people(PHOTO, size=32, garments=True)
    assert asked == ["human_parser"]
