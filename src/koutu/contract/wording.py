"""The contract in words: its names and sentences in English and Chinese, for consoles, references and error pages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from koutu.contract.table import ACTIONS, ERRORS

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Wording:
    """The contract's words in one language, by the contract's own names.

    Attributes:
        families: an action's family -> its title.
        titles: action -> its short title.
        purposes: action -> what it is for, without a full stop.
        preconditions, notes: action -> what it asks of a photo, and what else there is to say; absent where there is nothing.
        parameters: a parameter's wire name -> what it is.
        kinds: a parameter's kind -> its name.
        asynchronous: an action's way of being called -> its name.
        forms: a return form -> what it is.
        names: scene classes, facial parts and groups of garments -> their names.
        causes, cures: error code -> when it is answered (without a full stop), and what the caller can do about it.
    """

    families: dict[str, str]
    titles: dict[str, str]
    purposes: dict[str, str]
    preconditions: dict[str, str]
    notes: dict[str, str]
    parameters: dict[str, str]
    kinds: dict[str, str]
    asynchronous: dict[str, str]
    forms: dict[str, str]
    names: dict[str, str]
    causes: dict[str, str]
    cures: dict[str, str]


@cache
def wording(language: Language) -> Wording:
    """The contract's words in a language."""
    table: dict[str, Any] = tomllib.loads((files("koutu.contract") / "wording.toml").read_text(encoding="utf-8"))

    def pick(section: str) -> dict[str, str]:
        return {name: texts[language] for name, texts in table[section].items()}

    def of_actions(field: str) -> dict[str, str]:
        if language == "en":
            texts = {name: getattr(action, field) for name, action in ACTIONS.items()}
        else:
            texts = {name: entry.get(field) for name, entry in table["actions"].items()}
        return {name: text for name, text in texts.items() if text}

    def of_errors(field: str) -> dict[str, str]:
        if language == "en":
            return {code: getattr(entry, field) for code, entry in ERRORS.items()}
        return {code: entry[field] for code, entry in table["errors"].items()}

    return Wording(
        families=pick("families"),
        titles={name: entry["title"][language] for name, entry in table["actions"].items()},
        purposes=of_actions("purpose"),
        preconditions=of_actions("precondition"),
        notes=of_actions("notes"),
        parameters=pick("parameters"),
        kinds=pick("kinds"),
        asynchronous=pick("asynchronous"),
        forms=pick("forms"),
        names=pick("names"),
        causes=of_errors("when"),
        cures=of_errors("cure"),
    )
