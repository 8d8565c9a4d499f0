"""Models: the catalog of weights, the store that installs them, and running them.

Example:
    >>> from koutu.models import run
    >>> run("isnet", {"input": pixels})["output"].shape  # doctest: +SKIP
    (1, 1, 1024, 1024)
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from koutu.engine import Arrays, Session, engine
from koutu.errors import ModelFault
from koutu.models.catalog import Entry, catalog
from koutu.models.slots import filled, load_card, run_maps
from koutu.models.slots.place import installed as slot_installed
from koutu.models.store import Store
from koutu.settings import current

__all__ = ["Entry", "Store", "allowed", "catalog", "ready", "replaced", "run", "store", "warm_up"]


def store() -> Store:
    """The store that the settings name."""
    return Store(current().home)


def allowed(name: str) -> bool:
    """Whether the licence setting lets a model run, or the user's own network in its slot."""
    return current().licences == "any" or (filled(name) or _entry(name)).permissive


def replaced(name: str) -> bool:
    """Whether the user's own network stands in for a model."""
    return filled(name) is not None


def run(name: str, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
    """Run a model of the catalog, or the user's own network that fills its slot.

    Args:
        name: the model.
        inputs: float32 arrays by input name, in the shapes of the model's card.

    Returns:
        float32 arrays by output name.

    Raises:
        ModelFault: the model is not installed, cannot be loaded or is kept out by the licence setting.
        ServiceUnavailable: too many inferences wait already.
    """
    _check_allowed(name)
    card = filled(name)
    if card is not None:
        return run_maps(card, inputs)
    return engine().infer(name, partial(_load, name), inputs)


def warm_up(name: str) -> None:
    """Load and compile a model ahead of its first use.

    Raises:
        ModelFault: as for `run`.
    """
    _check_allowed(name)
    card = filled(name)
    if card is not None:
        load_card(card)
        return
    engine().load(name, partial(_load, name))


def ready(name: str) -> bool:
    """Whether a model may run and is installed, or the user's own network in its slot is."""
    card = filled(name)
    there = slot_installed(card) if card is not None else store().installed(_entry(name))
    return allowed(name) and there


def _entry(name: str) -> Entry:
    entry = catalog().get(name)
    if entry is None:
        raise ModelFault(f"There is no model {name} in the catalog.")
    return entry


def _check_allowed(name: str) -> None:
    if not allowed(name):
        raise ModelFault(f"The model {name} is not permissively licensed and KOUTU_LICENCES=permissive keeps it out.")


def _load(name: str) -> Session:
    from koutu.models.sessions.openvino import OpenVinoSession

    entry = _entry(name)
    return OpenVinoSession(store().network(entry), entry.inputs, entry.outputs, current(), entry.constants)
