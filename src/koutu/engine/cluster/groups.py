"""Which networks share a replica."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch

from koutu.errors import EnvironmentFault


def group_of(key: str, groups: Mapping[str, Sequence[str]]) -> str:
    """The first group that has a pattern which a network's key matches.

    Raises:
        EnvironmentFault: none has.
    """
    for name, patterns in groups.items():
        if any(fnmatch(key, pattern) for pattern in patterns):
            return name
    raise EnvironmentFault(f"No group of KOUTU_RAY_GROUPS takes the model {key}.")


def application(group: str) -> str:
    """The name of a group's Ray Serve application."""
    return f"koutu-{group}"
