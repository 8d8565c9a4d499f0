"""Which slots there are, and which are filled."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from koutu.errors import ModelFault
from koutu.models.slots.card import Card, read_card
from koutu.settings import current


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a user's network may fill.

    Attributes:
        model: the catalog's model that it stands in for.
        kind: map: one alpha; classes: one probability for each class; boxes: things found.
        white: what white is in the stood-in model's own input, and zero what black is; the adapter undoes them.
        image: that model's input that holds the photo.
        answer: that model's output.
    """

    model: str
    kind: Literal["map", "classes", "boxes"]
    image: str
    answer: str
    zero: float = 0.0
    white: float = 1.0


SLOTS = {
    "saliency": Slot("isnet", "map", "input", "output", -0.5, 127 / 256),
    "person": Slot("rvm", "map", "src", "754"),
    "boxes": Slot("ssd", "boxes", "image_tensor:0", "Postprocessor/Reshape_2:0", 0.0, 255.0),
    "face_parser": Slot("face_parser", "classes", "image", "probabilities"),
    "human_parser": Slot("human_parser", "classes", "image", "probabilities"),
    "scene": Slot("things_scene", "classes", "image", "probabilities"),
}


def folder() -> Path:
    """Where the cards are."""
    return current().slots or current().home / "slots"


@lru_cache(maxsize=1)
def cards() -> dict[str, Card]:
    """The cards by slot, read once.

    Raises:
        ModelFault: a card is wrong, or its name is no slot's.
    """
    found = {}
    for path in sorted(folder().glob("*.toml")):
        if path.stem not in SLOTS:
            raise ModelFault(f"The card {path} fills no slot; there are {', '.join(SLOTS)}.")
        found[path.stem] = read_card(path)
    return found


def filled(model: str) -> Card | None:
    """The card that stands in for a model of the catalog, if there is one."""
    return next((cards()[slot] for slot, place in SLOTS.items() if place.model == model and slot in cards()), None)
