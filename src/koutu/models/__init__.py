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
from koutu.models.store import Store
from koutu.settings import current

__all__ = ["Entry", "Store", "allowed", "catalog", "run", "store", "warm_up"]


def store() -> Store:
    """The store that the settings name."""
    return Store(current().home)


def allowed(name: str) -> bool:
    """Whether the licence setting lets a model run."""
    return current().licences == "any" or _entry(name).permissive


def run(name: str, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
    """Run a model of the catalog.

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
    return engine().infer(name, partial(_load, name), inputs)


def warm_up(name: str) -> None:
    """Load and compile a model ahead of its first use.

    Raises:
        ModelFault: as for `run`.
    """
    _check_allowed(name)
    engine().load(name, partial(_load, name))


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
    return OpenVinoSession(store().network(entry), entry.inputs, entry.outputs, current())
