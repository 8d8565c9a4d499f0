"""The rows of the coverage table: everything that the contract promises, one promise a row."""

from dataclasses import dataclass
from typing import Literal

from koutu.contract import ACTIONS, ERRORS, Action


@dataclass(frozen=True)
class Row:
    """One promise: that this parameter is read, this return form made, or this error code answered."""

    action: str
    kind: Literal["parameter", "form", "error"]
    name: str

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.name}"


def rows() -> list[Row]:
    """Every promise of every action, and at the end those codes that any call may get."""
    table = []
    for action in ACTIONS.values():
        table += [Row(action.name, "parameter", parameter) for parameter in action.params]
        if action.images:
            table += [Row(action.name, "form", form or "(absent)") for form in _forms(action)]
        table += [Row(action.name, "error", code) for code in own_errors(action)]
    return table + [Row("(any)", "error", code) for code in ERRORS]


def own_errors(action: Action) -> list[str]:
    """The codes that an action's own parameters and limits can bring about."""
    kinds = {parameter.kind for parameter in action.params.values()}
    codes = []
    if action.images:
        codes += ["MissingImageURL", "InvalidImage.URL", "IllegalUrlParameter", "InvalidImage.Unsafe", "InvalidImage.Download"]
        codes += ["InvalidImage.Content", "InvalidImage.Resolution", "InvalidParameter.TooLarge", "InvalidParameter.Unsuitable"]
    elif any(parameter.required for parameter in action.params.values()):
        codes += ["MissingParameter", "InvalidParameter"]
    if kinds & {"boolean", "integer"}:
        codes.append("InvalidParameter.Convert")
    if any(parameter.choices for parameter in action.params.values()):
        codes.append("InvalidParameter")
    return codes


def _forms(action: Action) -> list[str]:
    named = [form for form in action.forms if form]
    return ["", *named, "(any other)"] if "ReturnForm" in action.params else [""]
