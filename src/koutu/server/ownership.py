"""One data folder, one server: two that share it would run each other's jobs at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from koutu.errors import EnvironmentFault
from koutu.server.data_folder import data_folder
from koutu.settings import Settings


@contextmanager
def own_data_folder(settings: Settings) -> Iterator[None]:
    """Hold the data folder for the length of the block; the system lets go of it however the process ends.

    Raises:
        EnvironmentFault: another server holds it.
    """
    folder = data_folder(settings)
    with (folder / "server.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise EnvironmentFault(
                f"The data folder {folder} is in use by the server with process id {file.read().strip() or 'unknown'}."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
