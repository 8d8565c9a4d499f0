import cv2
import numpy as np
import pytest

from koutu.images.shrink import shrink
from koutu.vision.objects.ask_mask import around, ask_mask
from koutu.vision.objects.classify import classify
from koutu.vision.objects.cut_out import cut_out
from koutu.vision.objects.detect import detect
from koutu.vision.objects.find_things import find_things
from koutu.vision.objects.grab_cut import grab_cut
from koutu.vision.objects.ssd_boxes import ssd_boxes
from koutu.vision.objects.thing import Box, Thing, group_of
from koutu.vision.objects.unboxed import unboxed


@pytest.fixture(scope="module")
def motorcycle():
    from tests.conftest import PHOTOS

    return np.ascontiguousarray(cv2.imread(str(PHOTOS / "skimage_motorcycle_left.png"))[..., ::-1])


@pytest.mark.parametrize("tiles", [False, True])
def test_the_motorcycle_is_detected_once(motorcycle, tiles):
    vehicles = [thing for thing in detect(motorcycle, tiles=tiles) if thing.group == "vehicle"]
    assert len(vehicles) == 1
    box = vehicles[0].box
    assert vehicles[0].score > 0.9
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((100, 72, 684, 446), abs=25)


@pytest.fixture(scope="module")
def whole_detector():
    import openvino

    from koutu.models import store
    from koutu.models.catalog import catalog

    graph = openvino.Core().read_model(store().weights(catalog()["ssd"]))
    graph.reshape({"image_tensor:0": [1, 300, 300, 3]})
    return openvino.Core().compile_model(graph, "CPU")


@pytest.mark.parametrize("name", ["skimage_motorcycle_left.png", "matplotlib_grace_hopper.jpg", "skimage_coffee.png"])
def test_boxes_are_those_that_the_detectors_own_last_stage_keeps(name, whole_detector):
    from tests.conftest import PHOTOS

    photo = np.ascontiguousarray(cv2.imread(str(PHOTOS / name))[..., ::-1])
    out = whole_detector({"image_tensor:0": shrink(photo, 300, 300)[None].astype(np.float32)})
    sure = out["detection_scores:0"][0] > 0.3
    boxes, categories, scores = ssd_boxes(photo, 0.3)
    assert len(boxes) == sure.sum() > 0
    assert categories.tolist() == out["detection_classes:0"][0][sure].tolist()
    assert scores == pytest.approx(out["detection_scores:0"][0][sure], abs=0.03)
    assert boxes == pytest.approx(out["detection_boxes:0"][0][sure], abs=0.02)


def test_a_plain_wall_has_no_boxes():
    boxes, categories, scores = ssd_boxes(np.full((200, 300, 3), 200, np.uint8), 0.3)
    assert (boxes.shape, len(categories), len(scores)) == ((0, 4), 0, 0)


def test_the_mask_head_tells_the_motorcycle_from_the_floor(motorcycle):
    height, width = motorcycle.shape[:2]
    mask = ask_mask(motorcycle, Box(100, 72, 684, 446), "vehicle").on_canvas(width, height)
    assert mask.shape == (height, width)
    assert mask[260, 400] > 0.5, "the engine"
    assert mask[470:, :60].max() < 0.3, "the floor"


def test_windows_stay_inside_the_photo():
    assert around(Box(0, 0, 100, 100), 100, 100) == Box(0, 0, 100, 100)
    window = around(Box(40, 10, 44, 90), 100, 100)
    assert window.right - window.left >= (window.bottom - window.top) / 2 - 1


def test_groups_of_categories():
    assert [group_of(c) for c in (1, 3, 17, 53, 62, 84)] == ["person", "vehicle", "animal", "food", "furniture", "thing"]


def test_grab_cut_finds_a_plain_thing_in_its_box():
    image = np.full((120, 160, 3), (210, 220, 200), np.uint8)
    cv2.circle(image, (80, 60), 30, (160, 30, 40), -1)
    mask = grab_cut(image, Box(45, 25, 115, 95))
    assert mask[60, 80] == 1
    assert mask[28, 48] < 0.5, "the box's corner"
    assert 0.8 < (mask > 0.5).sum() / (np.pi * 30**2) < 1.2


def test_the_classifier_knows_the_cat_and_the_motorcycle(motorcycle):
    from tests.conftest import PHOTOS

    cat = np.ascontiguousarray(cv2.imread(str(PHOTOS / "skimage_chelsea.png"))[..., ::-1])
    assert classify(cat, "animal") > 0.8
    assert classify(cat, "food") < 0.1
    assert classify(motorcycle, "vehicle") > 0.5


def test_a_cut_covers_its_own_box():
    image = np.full((200, 300, 3), 230, np.uint8)
    image[80:120, 200:260] = (30, 60, 160)
    rough = np.zeros((100, 150), np.float32)
    rough[40:60, 100:130] = 0.9
    cut = cut_out(image, rough)
    assert cut is not None
    alpha, x, y = cut
    assert (x, y) == pytest.approx((200, 80), abs=3)
    assert alpha.shape == pytest.approx((40, 60), abs=6)
    assert alpha[20, 30] > 250
    assert cut_out(image, np.zeros((100, 150), np.float32)) is None


def test_what_the_scene_head_sees_beside_a_box_becomes_one_more_thing_and_inside_it_a_part():
    mask, own = np.zeros((200, 300), np.float32), np.zeros((200, 300), np.float32)
    mask[40:100, 20:60] = mask[40:50, 60:120] = 1
    own[40:100, 20:120] = own[120:180, 200:280] = 0.9
    own[10, :] = 0.9  # thin, a border's doubt
    own[150:190, 20:60] = 0.5  # unsure all over
    first, second = unboxed([mask], own)
    assert first[80, 100] > 0.5, "the part within its bounds"
    assert second[150, 240] > 0.5
    assert max(first[10, 150], second[10, 150], first[170, 40], second[170, 40]) == 0


@pytest.fixture
def seen_by_the_scene_head(monkeypatch):
    """Has the scene head see a part of the photo as the group that is asked for; no thing has a box, no subject a kind."""
    from koutu.vision.objects import find_things as module
    from koutu.vision.objects.kind_votes import Votes

    own = np.zeros((200, 300), np.float32)
    monkeypatch.setattr(module, "detect", lambda image, **_: [])
    monkeypatch.setattr(module, "classify", lambda image, group: 0.0)
    monkeypatch.setattr(module, "kind_votes", lambda image, group: Votes(own, np.zeros_like(own)))
    return own


@pytest.mark.parametrize("group", ["furniture", "vehicle", "food", "animal"])
def test_the_scene_heads_word_alone_is_not_taken(group, seen_by_the_scene_head):
    seen_by_the_scene_head[120:180, 60:260] = 0.9
    assert find_things(np.zeros((200, 300, 3), np.uint8), group) == []


@pytest.mark.parametrize(("columns", "found"), [(100, False), (160, True), (280, False)])
def test_furniture_beside_a_box_has_to_be_much_and_not_everywhere(columns, found, seen_by_the_scene_head, monkeypatch):
    from koutu.vision.objects import find_things as module

    chair = np.zeros((200, 300), np.float32)
    chair[20:180, 10:60] = 0.9
    seen_by_the_scene_head[20:180, 10 : 10 + columns] = 0.9
    monkeypatch.setattr(module, "detect", lambda image, **_: [Thing(Box(10, 20, 60, 180), 62, "furniture", 0.9)])
    monkeypatch.setattr(module, "_mask", lambda *_, **__: chair)
    pieces = find_things(np.zeros((200, 300, 3), np.uint8), "furniture")
    assert (sum(piece[100, 100] > 0.5 for piece in pieces) > 0) == found


@pytest.mark.parametrize(
    ("group", "seen", "found"), [("furniture", 0.9, True), ("furniture", 0.2, False), ("vehicle", 0.9, False)]
)
def test_a_faint_box_of_furniture_needs_the_scene_heads_word(group, seen, found, seen_by_the_scene_head, monkeypatch):
    from koutu.vision.objects import find_things as module

    sofa = np.zeros((200, 300), np.float32)
    sofa[60:180, 40:260] = 0.9
    seen_by_the_scene_head[60:180, 40:260] = seen
    faint = Thing(Box(40, 60, 260, 180), 63, group, 0.2)
    monkeypatch.setattr(module, "detect", lambda image, least, **_: [faint] if least <= faint.score else [])
    monkeypatch.setattr(module, "_mask", lambda *_, **__: sofa)
    assert (len(find_things(np.zeros((200, 300, 3), np.uint8), group)) == 1) == found
