"""Names that are made of the contract's: `return_form` for ReturnForm, `common` for SegmentCommonImage on a command line."""

from koutu.contract.types import Action
from koutu.errors import InvalidParameter


def python_name(wire: str) -> str:
    """The Python name of a parameter."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in wire).lstrip("_")


def command_name(action: Action) -> str:
    """How the command line calls an action."""
    return action.function.removeprefix("segment_").removesuffix("_image").replace("_", "-")


def wire_name(action: Action, name: str) -> str:
    """The parameter of an action that a Python name stands for.

    Raises:
        InvalidParameter: there is none.
    """
    for wire in action.params:
        if python_name(wire) == name:
            return wire
    raise InvalidParameter(f"{action.name} has no parameter {name}.")
