"""Every code block of the documentation does what it says."""

import re
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest

from tests.docs import syntax
from tests.docs.blocks import blocks, english, pages, without_comments
from tests.docs.session import Session

RUN = {"python", "sh", "js", "text"}
ENGLISH = [page for page in pages() if page == english(page) and blocks(page)]
CHINESE = [page for page in pages() if page != english(page)]
QUICK = ["README.md"]


@pytest.mark.parametrize("page", [page for page in pages() if blocks(page)])
def test_every_language_has_a_runner(page: str) -> None:
    nameless = [block.place for block in blocks(page) if block.language not in RUN | syntax.PARSERS.keys()]
    assert not nameless, "no runner for the language of these blocks"
    for block in blocks(page):
        if block.language in syntax.PARSERS or "syntax" in block.directive:
            syntax.check(block)


@pytest.mark.parametrize("page", pages())
def test_no_block_hides(page: str) -> None:
    """Code that is only indented would never be run."""
    extensions = ["admonition", "md_in_html", "tables", "pymdownx.details", "pymdownx.superfences", "pymdownx.tabbed"]
    configured = {"pymdownx.tabbed": {"alternate_style": True}}
    shown = markdown.markdown(pages()[page], extensions=extensions, extension_configs=configured)
    assert shown.count("<pre") == len(blocks(page)), "give every block a fence and a language"


@pytest.mark.parametrize("page", CHINESE)
def test_chinese_page_has_the_same_code(page: str) -> None:
    own, original = blocks(page), blocks(english(page))
    assert [block.language for block in own] == [block.language for block in original]
    for block, twin in zip(own, original, strict=True):
        if block.language != "text":
            assert without_comments(block) == without_comments(twin), f"{block.place} and {twin.place} differ"
            assert block.directive == twin.directive, f"{block.place} and {twin.place} are run differently"


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("page", ENGLISH)
def test_blocks_run(page: str, open_session: Callable[..., Session], request: pytest.FixtureRequest) -> None:
    needs_node = any(block.language == "js" for block in blocks(page))
    modules: Path | None = request.getfixturevalue("node_modules") if needs_node else None
    session = open_session(page, modules)
    for block in blocks(page):
        session.run(block)


@pytest.mark.parametrize("page", QUICK)
def test_first_blocks_run(page: str, open_session: Callable[..., Session]) -> None:
    session = open_session(page)
    for block in blocks(page):
        if block.language in ("python", "sh") and "repository" not in block.directive:
            session.run(block)


@pytest.mark.long
@pytest.mark.parametrize("page", CHINESE)
def test_chinese_page_has_the_same_shape(page: str) -> None:
    """Headings and rows of tables, one for one: what a page says in one language it says in the other."""
    own, original = (_shape(pages()[name]) for name in (page, english(page)))
    assert own == original


def _shape(text: str) -> list[str]:
    fenced = False
    shape = []
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if not fenced and (mark := re.match(r"#+ |\|(?=.*\|$)|- |\d+\. ", line)):
            shape.append(mark[0])
    return shape
