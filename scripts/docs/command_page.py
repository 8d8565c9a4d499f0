"""The reference of the command line, made from the commands themselves."""

import re
from collections.abc import Iterator
from typing import Any

import typer
from scripts.docs.chinese import texts

from koutu.cli.main import app
from koutu.contract.wording import Language

HEAD = {
    "en": """# Commands

Every command of `koutu`, with its arguments and options. `koutu COMMAND --help` prints the same in the terminal.
""",
    "zh": """# 命令

`koutu` 的全部命令及其参数和选项。在终端里用 `koutu 命令 --help` 可看到同样的内容（英文）。
""",
}
COLUMNS = {"en": "| argument or option | meaning | default |", "zh": "| 参数或选项 | 含义 | 默认值 |"}


def render(language: Language) -> str:
    """The page's text."""
    root = typer.main.get_command(app)
    return HEAD[language] + "".join(_section(name, command, language) for name, command in commands(root, "koutu"))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """All commands below one, with their full names, in their order; groups are left out."""
    if not hasattr(command, "commands"):
        yield name, command
        return
    for part, below in command.commands.items():
        if not below.hidden:
            yield from commands(below, f"{name} {part}")


def parameters(command: Any) -> Iterator[Any]:
    """What a command takes, help aside."""
    for parameter in command.params:
        if parameter.name != "help" and not getattr(parameter, "hidden", False):
            yield parameter


def sayings(command: Any) -> Iterator[str]:
    """Everything that a command says in words: its help's paragraphs, without examples, and its parameters' helps."""
    for text in (command.help, command.epilog):
        yield from (said for said, is_code in paragraphs(text) if not is_code)
    yield from (said for parameter in parameters(command) for said, _ in paragraphs(parameter.help))


def paragraphs(text: str | None) -> Iterator[tuple[str, bool]]:
    """The paragraphs of a help text, each on one line, and whether it is an example of a command."""
    for part in re.split(r"\n\s*\n", re.sub(r"\[/?[a-z ]+\]", "", text or "")):
        line = re.sub(r"\s+", " ", part).strip()
        if line:
            yield line, part.lstrip("\n").startswith("  ")


def _section(name: str, command: Any, language: Language) -> str:
    lines = [f"\n## {name}\n"]
    for text, is_code in [*paragraphs(command.help), *paragraphs(command.epilog)]:
        lines += [f"- `{text}`" if is_code else f"\n{_say(text, language)}\n"]
    lines.append("")
    rows = [_row(parameter, language) for parameter in parameters(command)]
    if rows:
        lines += [COLUMNS[language], "| --- | --- | --- |", *rows, ""]
    return "\n".join(lines)


def _row(parameter: Any, language: Language) -> str:
    if parameter.param_type_name == "argument":
        name = (parameter.metavar or parameter.name.upper()).replace("|", "&#124;")
        spelled = f"<code>{name}{'...' if parameter.nargs == -1 and not name.endswith('...') else ''}</code>"
    else:
        spelled = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
    default = parameter.default
    empty = default is None or callable(default) or default in ((), [], False, "")
    shown = "" if empty else f"`{getattr(default, 'value', default)}`"
    return f"| {spelled} | {_say(parameter.help, language)} | {shown} |"


def _say(text: str | None, language: Language) -> str:
    said = " ".join(texts("commands").get(line, line) if language == "zh" else line for line, _ in paragraphs(text))
    return re.sub(r"<([^>]*)>", r"&lt;\1&gt;", said).replace("|", "\\|")
