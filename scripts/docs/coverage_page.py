"""The Chinese coverage table: that of docs/coverage.md, which scripts/coverage_table.py writes, under Chinese headings."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
HEAD = """# 测试覆盖

每个接口的每个参数、结果形式和错误码，以及通过网络检验它们的测试。`make test` 运行 tests/coverage：完整的服务器，只是用一个简单图形代替视觉模型。
`make conformance` 运行 tests/conformance：用每个官方客户端调用每个接口，视觉部分是真实的。(any) 之下的错误码可能出现在任何调用里。

| 接口 | 项目 | 名称 | 测试 |
| --- | --- | --- | --- |
"""
KINDS = {"parameter": "参数", "form": "形式", "error": "错误"}


def chinese() -> str:
    """The page's text."""
    rows = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = line.split(" | ")
        if len(cells) == 4 and cells[1] in KINDS:
            rows.append(" | ".join([cells[0], KINDS[cells[1]], *cells[2:]]))
    return HEAD + "\n".join(rows) + "\n"
