"""Reads the contract's tables; they ship inside the package, so a fault in them is a fault of the build."""

import tomllib
from importlib.resources import files
from typing import Any

from koutu.contract.types import Action, ErrorEntry, Form, Limits, Parameter, ResultShape


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _action(name: str, table: dict[str, Any]) -> Action:
    rest = _tuples(table)
    rest["params"] = {key: Parameter(name=key, **_tuples(value)) for key, value in table["params"].items()}
    rest["result"] = ResultShape(**_tuples(table["result"]))
    if "limits" in table:
        rest["limits"] = Limits(**_tuples(table["limits"]))
    if "forms" in table:
        rest["forms"] = {wire: Form(form) for wire, form in table["forms"].items()}
    return Action(name=name, **rest)


_actions = _load("actions.toml")

VERSION: str = _actions["version"]
PRODUCT: str = _actions["product"]
RESULT_LINK_SECONDS: int = _actions["result_link_seconds"]
ACTIONS: dict[str, Action] = {name: _action(name, table) for name, table in _actions["actions"].items()}
ERRORS: dict[str, ErrorEntry] = {code: ErrorEntry(code=code, **row) for code, row in _load("errors.toml").items()}
