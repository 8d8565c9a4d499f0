"""Parsers for languages that the tests have no toolchain for, and for files of settings, which the program itself reads."""

import configparser
import json
import subprocess
import tomllib
from collections.abc import Callable

import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_php
import yaml

from koutu.settings import Settings
from tests.docs.blocks import Block


def check(block: Block) -> None:
    """Raise AssertionError where a block's language does not read it."""
    parse = PARSERS.get(block.language) or ONLY_PARSED.get(block.language)
    if parse is None:
        raise AssertionError(f"{block.place}: there is no parser for the language {block.language!r}")
    try:
        parse(block)
    except (ValueError, configparser.Error, yaml.YAMLError) as error:
        raise AssertionError(f"{block.place}: {error}") from error


def _tree(grammar: object) -> Callable[[Block], None]:
    parser = tree_sitter.Parser(tree_sitter.Language(grammar))

    def parse(block: Block) -> None:
        root = parser.parse(block.code.encode()).root_node
        assert not root.has_error, f"{block.place} does not parse: {_fault(root)}"

    return parse


def _fault(node: tree_sitter.Node) -> str:
    for child in node.children:
        if child.has_error or child.is_missing:
            return _fault(child)
    return f"line {node.start_point[0] + 1}: {(node.text or b'').decode()[:80]!r}"


def _toml(block: Block) -> None:
    table = tomllib.loads(block.code)
    if block.title == "koutu.toml":
        unknown = table.keys() - Settings.model_fields.keys()
        assert not unknown, f"{block.place}: no such settings: {unknown}"
        Settings(**table)


def _ini(block: Block) -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(block.code)
    assert parser.sections(), f"{block.place} has no sections"


def _nginx(block: Block) -> None:
    depth = 0
    for number, line in enumerate(block.code.splitlines(), 1):
        text = line.partition("#")[0].strip()
        depth += text.count("{") - text.count("}")
        assert depth >= 0, f"{block.place}: line {number} closes what is not open"
        assert not text or text[-1] in "{};", f"{block.place}: line {number} has no end: {text}"
    assert depth == 0, f"{block.place}: {depth} braces are left open"


def _shell(block: Block) -> None:
    done = subprocess.run(["bash", "-n"], input=block.code, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{block.place}: {done.stderr}"


def _python(block: Block) -> None:
    compile(block.code, block.place, "exec")


PARSERS: dict[str, Callable[[Block], None]] = {
    "java": _tree(tree_sitter_java.language()),
    "go": _tree(tree_sitter_go.language()),
    "php": _tree(tree_sitter_php.language_php()),
    "csharp": _tree(tree_sitter_c_sharp.language()),
    "toml": _toml,
    "json": lambda block: json.loads(block.code),
    "yaml": lambda block: yaml.safe_load(block.code),
    "ini": _ini,
    "nginx": _nginx,
}
# Languages that have runners, for blocks that their directive lets off.
ONLY_PARSED: dict[str, Callable[[Block], None]] = {"sh": _shell, "python": _python}
