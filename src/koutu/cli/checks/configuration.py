"""Settings: readable, spelled right."""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from koutu.cli.checks.finding import Finding, fail, ok, warn

_PREFIX = "KOUTU_"
_NO_SETTINGS = {"CONFIG", "ENDPOINT", "KEY_ID", "KEY_SECRET", "DEV_DATA"}


def check_configuration() -> Iterator[Finding]:
    """Look whether the settings can be read, and for names that mean nothing."""
    from koutu.settings import Settings

    file = Path(os.environ.get("KOUTU_CONFIG", "koutu.toml"))
    if "KOUTU_CONFIG" in os.environ and not file.is_file():
        yield warn("settings", f"KOUTU_CONFIG names {file}, which is not there", "Unset it, or write the file.")
    try:
        Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = ".".join(str(part) for part in fault["loc"])
            yield fail("settings", f"{name}: {fault['msg']}", f"Mend KOUTU_{name.upper()}, or {name} in {file}.")
        return
    except ValueError as error:
        yield fail("settings", f"{file} cannot be read: {error}", "Mend its TOML.")
        return
    known = {name.upper() for name in Settings.model_fields} | _NO_SETTINGS
    strange = [name for name in os.environ if name.startswith(_PREFIX) and name.removeprefix(_PREFIX) not in known]
    for name in strange:
        near = difflib.get_close_matches(name.removeprefix(_PREFIX), known, n=1)
        yield warn("settings", f"{name} is no setting", f"Is KOUTU_{near[0]} meant?" if near else "Unset it.")
    if not strange:
        yield ok("settings", f"read from {'the environment and ' + str(file) if file.is_file() else 'the environment'}")
