"""The server's folder."""

from pathlib import Path

from koutu.settings import Settings


def data_folder(settings: Settings) -> Path:
    """The data folder; a new one is closed to everybody else, since callers' photos pass through it."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.data
