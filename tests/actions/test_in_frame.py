import numpy as np
from numpy.typing import NDArray

from koutu.actions.in_frame import in_frame
from koutu.actions.outcome import Element, Outcome
from koutu.vision.scenes.label_scene import CLASSES

Bytes = NDArray[np.uint8]


def _framed(inner: Bytes) -> Bytes:
    canvas = np.full((100, 120, 3), 255, np.uint8)
    canvas[20:80, 30:90] = inner
    return canvas


def test_a_canvas_of_the_framed_part_becomes_one_of_the_photo() -> None:
    inner = np.random.default_rng(0).integers(0, 200, (60, 60, 3), np.uint8)
    seen = []

    @in_frame
    def whole(image: Bytes, gain: int) -> Outcome:
        seen.append(image.shape)
        return Outcome((Element((image[..., 0] * gain).astype(np.uint8)),))

    (element,) = whole(_framed(inner), gain=1).elements
    assert seen == [(60, 60, 3)]
    assert (element.x, element.y, element.alpha.shape) == (0, 0, (100, 120))
    assert np.array_equal(element.alpha[20:80, 30:90], inner[..., 0])
    assert element.alpha.sum() == inner[..., 0].sum(dtype=np.int64)


def test_an_element_is_moved_to_its_place_on_the_photo() -> None:
    inner = np.random.default_rng(0).integers(0, 200, (60, 60, 3), np.uint8)

    @in_frame
    def some(_: Bytes) -> Outcome:
        return Outcome((Element(np.full((5, 7), 255, np.uint8), 3, 4, "car"),))

    (element,) = some(_framed(inner)).elements
    assert (element.x, element.y, element.width, element.height, element.name) == (33, 24, 7, 5, "car")


def test_margins_are_labelled_as_other_and_kept_in_a_new_picture() -> None:
    inner = np.random.default_rng(0).integers(0, 200, (60, 60, 3), np.uint8)
    photo = _framed(inner)

    @in_frame
    def both(image: Bytes) -> Outcome:
        return Outcome(labels=np.full(image.shape[:2], 2, np.uint8), picture=(255 - image).astype(np.uint8))

    outcome = both(photo)
    assert outcome.labels is not None
    assert outcome.picture is not None
    assert (outcome.labels[20:80, 30:90] == 2).all()
    assert (outcome.labels == CLASSES.index("other")).sum() == 100 * 120 - 60 * 60
    assert np.array_equal(outcome.picture[20:80, 30:90], 255 - inner)
    assert (outcome.picture[:20] == 255).all()
    assert (photo[:20] == 255).all()


def test_other_photos_are_seen_as_they_are() -> None:
    photo = np.random.default_rng(0).integers(0, 255, (40, 50, 3), np.uint8)

    @in_frame
    def whole(image: Bytes) -> Outcome:
        assert image is photo
        return Outcome((Element(image[..., 0]),))

    assert np.array_equal(whole(photo).elements[0].alpha, photo[..., 0])
