"""Sections that a command writes into an English page, for the Chinese page beside it: printed once, shown in both."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs"
_SECTION = re.compile(r"<!-- (?P<name>[\w-]+):.*?-->\n(?P<body>.*?)<!-- end of (?P=name) -->", re.DOTALL)


def filled() -> dict[str, str]:
    """The Chinese pages that have such sections, with what the English pages have there; path below docs/ -> text."""
    made = {}
    for path in PAGES.glob("*.zh.md"):
        text = path.read_text(encoding="utf-8")
        if _SECTION.search(text):
            original = (PAGES / path.name.replace(".zh.md", ".md")).read_text(encoding="utf-8")
            sections = {match["name"]: match[0] for match in _SECTION.finditer(original)}
            made[path.name] = _SECTION.sub(lambda match, sections=sections: sections.get(match["name"], match[0]), text)
    return made
