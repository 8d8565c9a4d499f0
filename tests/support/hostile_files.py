"""Picture files to be afraid of, made from scratch: each has a name, its bytes, and what is to come of it."""

from collections.abc import Callable, Iterator

from hostile_bombs import bombs, impostors
from hostile_case import Case
from hostile_damage import mutations, truncations
from hostile_kinds import animations, bitmaps, cmyk, orientations, png_kinds

GROUPS: dict[str, Callable[[], Iterator[Case]]] = {
    "orientations": orientations,
    "PNG kinds": png_kinds,
    "CMYK and profiles": cmyk,
    "animations": animations,
    "bitmaps": bitmaps,
    "bombs": bombs,
    "impostors": impostors,
    "truncations": truncations,
    "mutations": mutations,
}


def cases() -> Iterator[tuple[str, Case]]:
    """Every case with the name of its group."""
    for group, make in GROUPS.items():
        for case in make():
            yield group, case
