import cv2
import numpy as np
import pytest

from koutu.actions.change_sky import change_sky
from koutu.actions.refine_mask import refine_mask
from koutu.actions.segment_animal import segment_animal
from koutu.actions.segment_food import segment_food
from koutu.actions.segment_furniture import segment_furniture
from koutu.actions.segment_logo import segment_logo
from koutu.actions.segment_scene import segment_scene
from koutu.actions.segment_sky import segment_sky
from koutu.actions.segment_vehicle import segment_vehicle
from koutu.errors import Unsuitable


def _read(folder, name):
    return np.ascontiguousarray(cv2.imread(str(folder / name))[..., ::-1])


def test_the_cat_is_cut_out(photos):
    cat = _read(photos, "skimage_chelsea.png")
    (element,) = segment_animal(cat).elements
    assert element.alpha.shape == cat.shape[:2]
    assert element.alpha[110, 225] > 240, "between the eyes"
    assert element.alpha[20, 20] < 30, "the blanket"
    assert 0.4 < (element.alpha > 127).mean() < 0.9


def test_the_letterboxed_cat_is_the_same_cat(photos):
    cat = _read(photos, "skimage_chelsea.png")
    boxed = cv2.copyMakeBorder(cat, 90, 90, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    (element,) = segment_animal(boxed).elements
    assert element.alpha.shape == boxed.shape[:2]
    assert np.array_equal(element.alpha[90:-90], segment_animal(cat).elements[0].alpha)
    assert not element.alpha[:90].any()
    assert not element.alpha[-90:].any()


def test_the_motorcycle_is_one_vehicle(photos):
    elements = segment_vehicle(_read(photos, "skimage_motorcycle_left.png")).elements
    assert len(elements) == 1
    assert 300 < elements[0].width < 741
    assert 200 < elements[0].height < 500


@pytest.mark.parametrize(("action", "name"), [(segment_animal, "skimage_coffee.png"), (segment_food, "skimage_rocket.jpg")])
def test_a_photo_without_the_thing_is_refused(photos, action, name):
    with pytest.raises(Unsuitable, match="found"):
        action(_read(photos, name))


@pytest.mark.parametrize("action", [segment_vehicle, segment_furniture])
def test_a_photo_without_things_gives_no_elements(photos, action):
    assert action(_read(photos, "skimage_chelsea.png")).elements == ()


def test_the_saucer_that_the_detector_takes_for_a_table_is_no_furniture(photos):
    assert segment_furniture(_read(photos, "skimage_coffee.png")).elements == ()


def test_an_indoor_photo_has_no_sky(photos):
    with pytest.raises(Unsuitable, match="No sky"):
        segment_sky(_read(photos, "skimage_coffee.png"))


def test_a_scene_is_labelled_at_full_size(photos):
    photo = _read(photos, "skimage_rocket.jpg")
    labels = segment_scene(photo).labels
    assert labels.shape == photo.shape[:2]
    assert labels.dtype == np.uint8
    assert labels.max() < 14


def test_a_coarse_mask_is_refined(photos):
    photo = _read(photos, "sklearn_flower.jpg")
    height, width = photo.shape[:2]
    coarse = np.zeros((height, width), np.uint8)
    cv2.ellipse(coarse, (270, 215), (130, 150), 0, 0, 360, 255, -1)
    fine = refine_mask(photo, coarse).elements[0].alpha
    again = refine_mask(photo, cv2.resize(coarse, (width // 2, height // 2))).elements[0].alpha
    assert fine.shape == (height, width)
    assert np.abs(fine.astype(int) - coarse).mean() > 2, "something was refined"
    assert np.abs(fine.astype(int) - again).mean() < 8, "a mask of half the size says the same"


@pytest.mark.parametrize(
    ("mask", "words"), [(np.full((40, 90), 255, np.uint8), "shape"), (np.zeros((64, 64), np.uint8), "empty")]
)
def test_unusable_masks_are_clear_errors(mask, words):
    with pytest.raises(Unsuitable, match=words):
        refine_mask(np.zeros((128, 128, 3), np.uint8), mask)


def test_a_logo_is_cut_from_a_plain_background_and_an_empty_picture_is_refused():
    picture = np.full((120, 160, 3), 250, np.uint8)
    cv2.putText(picture, "Ko", (30, 80), cv2.FONT_HERSHEY_SIMPLEX, 2, (20, 60, 200), 9, cv2.LINE_AA)
    (element,) = segment_logo(picture).elements
    assert 0.05 < (element.alpha > 127).mean() < 0.3
    assert element.alpha[5, 5] == 0
    with pytest.raises(Unsuitable, match="No logo"):
        segment_logo(np.full((120, 160, 3), 250, np.uint8))


def test_a_sky_is_changed_only_between_photos_with_skies(photos):
    indoor = _read(photos, "skimage_coffee.png")
    with pytest.raises(Unsuitable, match="ImageURL"):
        change_sky(indoor, indoor)
