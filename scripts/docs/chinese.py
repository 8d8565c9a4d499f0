"""Chinese for what the code says in English: descriptions of settings, help of commands, purposes of models."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return table


def texts(section: str) -> dict[str, str]:
    """A section of chinese.toml: name or English text -> Chinese text."""
    return _table()[section]
