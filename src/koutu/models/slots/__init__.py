"""Slots: places in the pipelines that a user's own ONNX may fill, by a small TOML card each.

A card lies in the folder `KOUTU_SLOTS` (`<home>/slots` if unset) and is named after its slot: `saliency.toml`. docs/slots.md
describes it.
"""

from koutu.models.slots.card import Card, read_card
from koutu.models.slots.run_card import load_card, run_boxes, run_maps
from koutu.models.slots.table import SLOTS, Slot, cards, filled

__all__ = ["SLOTS", "Card", "Slot", "cards", "filled", "load_card", "read_card", "run_boxes", "run_maps"]
