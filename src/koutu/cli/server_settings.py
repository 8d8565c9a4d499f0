"""The settings that a server command runs with: what stands on the command line, else what is set."""

from pathlib import Path

from koutu import settings
from koutu.settings import Settings


def server_settings(*, host: str | None = None, port: int | None = None, data: Path | None = None) -> Settings:
    """The settings of this process, with what was given on the command line in their place."""
    given = {"host": host, "port": port, "data": data}
    return settings.current().model_copy(update={name: value for name, value in given.items() if value is not None})
