"""The code blocks of the documentation: where they stand, their language, and what their directive asks for.

A directive is a comment on the line before a fence, `<!-- block: NAME NAME=VALUE ... -->`:

fails           the block has to end in an error; with fails="..." its output holds this text
background      the block is started, waited for until its output or the address in until=... is there, and ended with the page
output          a `text` block that has to be what the block before it printed; ... stands for anything
repository      the block is run in the project's folder
syntax="why"    the block is only parsed, because its commands need what a test may not have (root, other machines)
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from scripts.docs import generated

ROOT = Path(__file__).parents[2]
DIRECTIVES = {"fails", "background", "until", "output", "repository", "syntax"}
_FENCE = re.compile(r"^(?P<indent>[ >]*)(?P<fence>`{3,}|~{3,})\s*(?P<language>[\w+#-]*)(?P<rest>.*)$")
_DIRECTIVE = re.compile(r"<!-- block: (.*?) -->")


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    code: str
    title: str = ""
    directive: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def pages() -> dict[str, str]:
    """Every page of the documentation: docs/, what is generated, and the READMEs; path -> text."""
    files = [
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted(ROOT.glob("README*.md")),
        *sorted((ROOT / "examples").glob("*.md")),
    ]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    return texts | {f"docs/{uri}": text for uri, text in generated.pages().items()}


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    return list(_blocks(page, pages()[page]))


def english(page: str) -> str:
    """The English page that a Chinese one translates; a page's own name where it is English."""
    return page.replace(".zh-CN.md", ".md").replace(".zh.md", ".md")


def _blocks(page: str, text: str) -> Iterator[Block]:
    lines = iter(enumerate(text.splitlines(), 1))
    before = ""
    for number, line in lines:
        opening = _FENCE.match(line)
        if not opening:
            before = line if line.strip() else before
            continue
        code = []
        for _, inside in lines:
            if inside.strip() == opening["fence"]:
                break
            code.append(inside[len(opening["indent"]) :] if inside.strip() else "")
        title = re.search(r'title="([^"]*)"', opening["rest"])
        found = _DIRECTIVE.search(before)
        directive = dict(_options(found[1])) if found else {}
        unknown = directive.keys() - DIRECTIVES
        assert not unknown, f"{page}:{number}: no such directive: {unknown}"
        yield Block(page, number, opening["language"], "\n".join(code) + "\n", title[1] if title else "", directive)
        before = ""


def _options(text: str) -> Iterator[tuple[str, str]]:
    for word in shlex.split(text):
        name, _, value = word.partition("=")
        yield name, value


def without_comments(block: Block) -> str:
    """A block's code without what a translation changes: comments, and text in quotes that is not ASCII."""
    mark = r"//" if block.language in ("java", "go", "php", "csharp", "js", "javascript") else r"#"
    plain = re.sub(rf"(?m)(^|\s+){mark}[^!].*$", "", block.code)
    return re.sub(r"\s*\n\s*\n+", "\n", plain).strip()
