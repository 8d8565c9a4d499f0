"""Where the file of a card is: beside it, or fetched from a hub ahead of its use."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from koutu.errors import EnvironmentFault, ModelFault
from koutu.models.slots.card import Card, Hub
from koutu.settings import current


def network(card: Card) -> Path:
    """The card's file.

    Raises:
        ModelFault: it is not there.
    """
    path = _place(card)
    if not path.is_file():
        advice = "run koutu models install" if card.hub else "put it beside the card"
        raise ModelFault(f"The file of slot {card.slot}, {path}, is missing: {advice}.")
    return path


def installed(card: Card) -> bool:
    """Whether the card's file is there."""
    return _place(card).is_file()


def install(card: Card) -> None:
    """Fetch the file of a card that names a hub, unless it is there, and check what the card says about it.

    Raises:
        ModelFault: the file is missing or has a wrong checksum.
        EnvironmentFault: the hub's client is not installed or failed.
    """
    if card.hub is not None and not installed(card):
        target = _place(card)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            fetched = _download(card.hub, Path(work))
            _check(card, fetched)
            ready = Path(work) / "ready"
            shutil.copyfile(fetched, ready)
            ready.replace(target)
    _check(card, network(card))


def _place(card: Card) -> Path:
    if card.hub is None:
        return card.folder / card.file
    key = hashlib.sha256(f"{card.hub.repository}\n{card.hub.revision}\n{card.hub.file}".encode()).hexdigest()[:12]
    return current().home / "models" / f"slot-{card.slot}-{key}" / Path(card.hub.file).name


def _check(card: Card, file: Path) -> None:
    if not card.sha256:
        return
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != card.sha256:
        raise ModelFault(f"{file.name} of slot {card.slot} has the sha256 {found}; its card says {card.sha256}.")


def _download(hub: Hub, work: Path) -> Path:
    try:
        from huggingface_hub import hf_hub_download
    except ImportError as error:
        raise EnvironmentFault("Fetching from a hub needs its client: pip install koutu[hub].") from error
    endpoint = current().hub_endpoint or None
    try:
        return Path(hf_hub_download(hub.repository, hub.file, revision=hub.revision, endpoint=endpoint, cache_dir=work))
    except Exception as error:  # the client's own errors, its transport's and the disk's have no common base
        raise EnvironmentFault(f"{hub.repository} {hub.file} could not be fetched from the hub: {error}") from error
