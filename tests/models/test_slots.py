import hashlib
import textwrap

import numpy as np
import pytest
from typer.testing import CliRunner

import koutu
from koutu import engine, models, settings
from koutu.cli.main import app
from koutu.errors import EnvironmentFault, ModelFault
from koutu.models import catalog
from koutu.models.slots import SLOTS, cards, read_card, table
from koutu.models.slots.place import install
from koutu.vision.objects.detect import detect
from koutu.vision.parsing import parse_head, parse_people
from koutu.vision.scenes import label_scene

from .networks import constant_boxes, hub, mixer

SALIENCY = """
    file = "red.onnx"
    licence = "MIT"
    permissive = true
    [input]
    name = "photo"
    size = [64, 64]
    mean = [0.5, 0.5, 0.5]
    deviation = [0.25, 0.25, 0.25]
    [output]
    name = "maps"
    activation = "sigmoid"
"""


@pytest.fixture
def slots(tmp_path, monkeypatch, fresh_settings):
    """A folder for cards, with nothing read yet."""
    folder = tmp_path / "slots"
    folder.mkdir()
    monkeypatch.setenv("KOUTU_SLOTS", str(folder))
    monkeypatch.setenv("KOUTU_HOME", str(tmp_path / "home"))
    table.cards.cache_clear()
    engine.engine.cache_clear()
    yield folder
    table.cards.cache_clear()
    engine.engine.cache_clear()


def _card(folder, slot, text):
    (folder / f"{slot}.toml").write_text(textwrap.dedent(text))


def _red_square() -> np.ndarray:
    photo = np.full((96, 128, 3), (20, 120, 200), np.uint8)
    photo[24:72, 32:96] = (250, 120, 200)
    return photo


def test_a_file_beside_its_card_decides_what_stands_out(slots):
    mixer(slots / "red.onnx", [[6.0, 0.0, 0.0]], [0.0])  # logits: positive where red is over one half
    _card(slots, "saliency", SALIENCY)
    alpha = koutu.segment_common_image(_red_square()).mask
    assert alpha[48, 64] == 1
    assert alpha[4, 4] == 0
    assert abs(float((alpha > 0.5).mean()) - 0.25) < 0.02


def test_channels_and_layout_follow_the_card(slots):
    mixer(slots / "red.onnx", [[0.0, 0.0, 6.0]], [0.0])  # blue of what it gets, so red where the card says BGR
    _card(slots, "saliency", SALIENCY.replace("[output]", 'channels = "bgr"\n    [output]'))
    alpha = koutu.segment_common_image(_red_square()).mask
    assert alpha[48, 64] == 1
    assert alpha[4, 4] == 0


def test_a_scene_network_names_its_classes(slots):
    mixer(slots / "two.onnx", [[0.0, 0.0, 9.0], [9.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [0.0, 0.0, -9.0])
    _card(
        slots,
        "scene",
        """
        file = "two.onnx"
        licence = "CC0"
        [input]
        name = "photo"
        size = [64, 96]
        [output]
        name = "maps"
        activation = "softmax"
        classes = ["sky", "flower", ""]
        """,
    )
    photo = _red_square()
    labels = label_scene.label_scene(label_scene.scene_probabilities(photo), 128, 96)
    assert labels[4, 4] == label_scene.CLASSES.index("sky")
    assert labels[48, 64] == label_scene.CLASSES.index("flower")
    # Our second network does not answer beside it.
    joined = label_scene.joined_probabilities(photo)
    assert joined[label_scene.CLASSES.index("flower"), joined.shape[1] // 2, joined.shape[2] // 2] > 0.8


@pytest.mark.parametrize(
    ("names", "message"),
    [('["sky"]', "gives 2 classes, its card names 1"), ('["sky", "nonsense"]', "names nonsense; there are sky, grass")],
)
def test_classes_that_do_not_fit_are_told(slots, names, message):
    mixer(slots / "two.onnx", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [0.0, 0.0])
    card = 'file = "two.onnx"\nlicence = "CC0"\n[input]\nname = "photo"\nsize = [64, 64]\n[output]\n'
    _card(slots, "scene", card + f"classes = {names}\n")
    with pytest.raises(ModelFault, match=message):
        label_scene.scene_probabilities(_red_square())


def test_a_detector_gives_rows_of_boxes(slots):
    constant_boxes(slots / "boxes.onnx", [[32, 16, 96, 48, 0.9, 2], [0, 0, 8, 8, 0.1, 2], [0, 0, 9, 9, 0.9, 99]])
    _card(
        slots,
        "boxes",
        """
        file = "boxes.onnx"
        licence = "Apache-2.0"
        permissive = true
        [input]
        name = "photo"
        size = [64, 128]
        [output]
        name = "found"
        unit = "pixel"
        categories = "coco80"
        """,
    )
    (car,) = detect(np.zeros((320, 640, 3), np.uint8))
    assert (car.category, car.group) == (3, "vehicle")
    assert np.allclose([car.box.left, car.box.top, car.box.right, car.box.bottom], [160, 80, 480, 240])


def test_a_hub_is_asked_once_and_ahead(slots, tmp_path, monkeypatch):
    data = mixer(tmp_path / "red.onnx", [[6.0, 0.0, 0.0]], [0.0]).read_bytes()
    source = '[hub]\nrepository = "someone/red"\nfile = "onnx/red.onnx"\n'
    digest = hashlib.sha256(data).hexdigest()
    _card(slots, "saliency", f'sha256 = "{digest}"\n' + textwrap.dedent(SALIENCY).replace('file = "red.onnx"', "") + source)
    with pytest.raises(ModelFault, match="run koutu models install"):
        koutu.segment_common_image(_red_square())
    with hub("someone/red", {"onnx/red.onnx": data}) as address:
        monkeypatch.setenv("KOUTU_HUB_ENDPOINT", address)
        settings.current.cache_clear()
        install(cards()["saliency"])
    install(cards()["saliency"])  # nobody answers any more, and nobody has to
    assert koutu.segment_common_image(_red_square()).mask[48, 64] == 1


def test_what_a_hub_lacks_or_changes_is_told(slots, tmp_path, monkeypatch):
    source = '[hub]\nrepository = "someone/red"\nfile = "red.onnx"\n'
    text = f'sha256 = "{"0" * 64}"\n' + textwrap.dedent(SALIENCY).replace('file = "red.onnx"', "") + source
    _card(slots, "saliency", text)
    with hub("someone/red", {"red.onnx": b"other"}) as address:
        monkeypatch.setenv("KOUTU_HUB_ENDPOINT", address)
        settings.current.cache_clear()
        with pytest.raises(ModelFault, match="sha256"):
            install(cards()["saliency"])
    with hub("someone/else", {}) as address:
        monkeypatch.setenv("KOUTU_HUB_ENDPOINT", address)
        settings.current.cache_clear()
        with pytest.raises(EnvironmentFault, match="could not be fetched"):
            install(cards()["saliency"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("licence =", "license ="), "licence"),
        (("size = [64, 64]", "size = [64]"), "size"),
        (('activation = "sigmoid"', 'activation = "relu"'), "activation"),
        (('file = "red.onnx"', ""), "either a file or a"),
        (("[input]", "[input"), "cannot be read"),
    ],
)
def test_a_wrong_card_says_what_is_wrong(slots, change, message):
    _card(slots, "saliency", SALIENCY.replace(*change))
    with pytest.raises(ModelFault, match=message):
        read_card(slots / "saliency.toml")


def test_a_card_of_no_slot_is_refused(slots):
    _card(slots, "salience", SALIENCY)
    with pytest.raises(ModelFault, match="fills no slot; there are saliency, person"):
        cards()


def test_a_network_that_does_not_fit_its_card_is_told(slots):
    mixer(slots / "red.onnx", [[6.0, 0.0, 0.0]], [0.0])
    _card(slots, "saliency", SALIENCY.replace('name = "photo"', 'name = "image"'))
    with pytest.raises(ModelFault, match=r"slot saliency, red\.onnx, could not be loaded"):
        koutu.segment_common_image(_red_square())


def test_the_licence_of_the_card_counts(slots, monkeypatch):
    mixer(slots / "red.onnx", [[6.0, 0.0, 0.0]], [0.0])
    monkeypatch.setenv("KOUTU_LICENCES", "permissive")
    _card(slots, "saliency", SALIENCY)
    assert models.allowed("isnet"), "the card says that its network is permissive"
    table.cards.cache_clear()
    _card(slots, "saliency", SALIENCY.replace("permissive = true", ""))
    assert not models.allowed("isnet")


def test_the_command_line_shows_and_installs_slots(slots):
    mixer(slots / "red.onnx", [[6.0, 0.0, 0.0]], [0.0])
    _card(slots, "saliency", SALIENCY)
    shown = CliRunner().invoke(app, ["models", "slots"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert "red.onnx" in shown.output
    assert "human_parser" in shown.output


def test_slots_stand_in_for_models_of_the_catalog():
    assert all(slot.model in catalog() for slot in SLOTS.values())
    assert catalog()["face_parser"].classes == parse_head.PARTS
    assert catalog()["human_parser"].classes == parse_people.CLASSES
    assert catalog()["things_scene"].classes == (*label_scene.CLASSES, "food", "furniture")
