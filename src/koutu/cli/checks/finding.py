"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it stands: fine, worth knowing, broken, or not looked at."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        check: what was looked at.
        state: how it stands.
        says: what is there.
        cure: how to mend it; empty where nothing is wrong.
    """

    check: str
    state: State
    says: str
    cure: str = ""


def ok(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, State.OK, says)


def warn(check: str, says: str, cure: str = "") -> Finding:
    """It works, with a reserve."""
    return Finding(check, State.WARN, says, cure)


def fail(check: str, says: str, cure: str) -> Finding:
    """It does not work."""
    return Finding(check, State.FAIL, says, cure)


def skip(check: str, says: str) -> Finding:
    """It was not looked at."""
    return Finding(check, State.SKIP, says)
