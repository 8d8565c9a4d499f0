"""What a key or an account may call: everything, families of actions, single actions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from koutu.contract import ACTIONS
from koutu.errors import InvalidParameter

EVERYTHING = "*"
# Asking for a job's result is part of the call that submitted it, and goes with every permission.
GRANTED = {name: action.family for name, action in ACTIONS.items() if action.family != "jobs"}
FAMILIES = tuple(sorted(set(GRANTED.values())))


@dataclass(frozen=True, slots=True)
class Permission:
    """A set of actions.

    Attributes:
        names: "*", families and actions, sorted; none of them means that nothing may be called.
    """

    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """A permission for these names.

        Raises:
            InvalidParameter: one of them is neither "*" nor a family nor an action.
        """
        kept = {name.strip() for name in names if name.strip()}
        for name in sorted(kept):
            if name != EVERYTHING and name not in FAMILIES and name not in GRANTED:
                raise InvalidParameter(
                    f"{name[:60]!r} is neither an action nor a family; families are {', '.join(FAMILIES)}, * is everything."
                )
        return cls((EVERYTHING,) if EVERYTHING in kept else tuple(sorted(kept)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From names with commas between them, as the database keeps them and the CLI takes them.

        Raises:
            InvalidParameter: as `of` does.
        """
        return cls.of(text.split(","))

    def __str__(self) -> str:
        return ",".join(self.names)

    def allows(self, action: str) -> bool:
        """Whether the action may be called; what is no action of the contract's own goes with every permission."""
        family = GRANTED.get(action)
        return family is None or EVERYTHING in self.names or action in self.names or family in self.names


def stored(text: str) -> Permission:
    """A permission as the database holds it; names that a later version no longer knows are kept and allow nothing."""
    return Permission(tuple(text.split(",")) if text else ())
