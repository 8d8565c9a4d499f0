"""The server's one clock; whoever needs another time than the machine's hands another function in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the current moment, aware of its zone."""


def utc_now() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(UTC)
