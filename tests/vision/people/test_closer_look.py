from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from koutu.vision.objects.detect import detect
from koutu.vision.people.closer_look import closer_look, voted


def test_a_small_person_that_the_whole_photo_missed_is_found(photos: Path) -> None:
    person = np.asarray(Image.open(photos / "skimage_astronaut.png").convert("RGB"))
    image = np.full((600, 900, 3), 90, np.uint8)
    image[280:580, 500:800] = cv2.resize(person, (300, 300), interpolation=cv2.INTER_AREA)
    missed = np.zeros((300, 450), np.float32)
    seen = closer_look(image, missed, missed, 0.5, detect(image))
    assert seen.shape == missed.shape
    assert seen[220, 320] > 0.9
    assert seen[:, :200].max() == 0


def test_where_the_parser_agrees_nothing_changes(photos: Path) -> None:
    image = np.asarray(Image.open(photos / "skimage_coffee.png").convert("RGB"))
    alpha = np.random.default_rng(1).random((200, 300)).astype(np.float32)
    sure = (alpha > 0.5).astype(np.float32)
    assert np.array_equal(closer_look(image, alpha, sure, 0.5, detect(image)), alpha)


def test_a_closer_look_and_the_parser_together_overrule_a_doubt() -> None:
    doubt, yes, no = np.full((1, 1), 0.45, np.float32), np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32)
    assert voted(doubt, yes, yes, no)[0, 0] == 1
    assert voted(doubt, no, no, no)[0, 0] == doubt[0, 0]
    assert voted(np.float32(0.55) * yes, no, no, yes)[0, 0] < 0.2
