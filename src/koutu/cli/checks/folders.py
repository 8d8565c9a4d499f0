"""Whether a folder can be written."""

import os
import tempfile
from pathlib import Path

from koutu.cli.checks.finding import Finding, fail, ok


def writable(check: str, folder: Path, setting: str) -> Finding:
    """Look whether files can be made in a folder, or the folder itself where it is not there yet."""
    here = folder
    while not here.exists() and here != here.parent:
        here = here.parent
    try:
        with tempfile.NamedTemporaryFile(dir=here, prefix=".koutu-doctor-"):
            pass
    except OSError as error:
        user = f"user {os.getuid()}" if hasattr(os, "getuid") else "you"
        return fail(
            check,
            f"{here} cannot be written: {error.strerror}",
            f"Make it writable for {user}, or set {setting} to another folder.",
        )
    return ok(check, str(folder) if here == folder else f"{folder} (will be made)")
