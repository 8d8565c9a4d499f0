"""The models: the catalog as a table, then each model's card."""

import hashlib
from pathlib import Path

from scripts.docs.chinese import texts

from koutu.contract.wording import Language
from koutu.models import Entry, catalog

CARDS = Path(__file__).with_name("cards")
HEAD = {
    "en": """# Models

`koutu models list` prints this table, `koutu models show NAME` a card, and `koutu models install` fetches what is not bundled from the
packages named here. With `KOUTU_LICENCES=permissive` only the models marked so are used.

| model | purpose | MB | licence | permissive | source |
| --- | --- | --- | --- | --- | --- |
""",
    "zh": """# 模型

`koutu models list` 打印此表，`koutu models show NAME` 打印某个模型的卡片；`koutu models install` 从表中的软件包获取没有随附的权重。
设置 `KOUTU_LICENCES=permissive` 后，只使用标为宽松许可的模型。

| 模型 | 用途 | MB | 许可证 | 宽松许可 | 来源 |
| --- | --- | --- | --- | --- | --- |
""",
}
YES = {"en": ("yes", "no"), "zh": ("是", "否")}
BUNDLED = {"en": "ships with Koutu", "zh": "随 Koutu 提供"}


def render(language: Language) -> str:
    """The page's text."""
    rows = "\n".join(_row(entry, language) for entry in catalog().values())
    return f"{HEAD[language]}{rows}\n\n" + "\n".join(_card(entry, language) for entry in catalog().values())


def digest(text: str) -> str:
    """What a translation notes of the card that it translates."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def translated(entry: Entry) -> str | None:
    """The Chinese card of a model; None where there is none, or one of an earlier English card."""
    path = CARDS / f"{entry.name}.zh.md"
    if not path.exists() or texts("cards").get(entry.name) != digest(entry.card):
        return None
    return path.read_text(encoding="utf-8")


def _row(entry: Entry, language: Language) -> str:
    source = entry.source
    origin = BUNDLED[language] if source.kind == "bundled" else f"{source.kind}: {source.package} {source.version}"
    purpose = texts("models").get(entry.name, entry.purpose) if language == "zh" else entry.purpose
    licence = texts("licences").get(entry.licence, entry.licence) if language == "zh" else entry.licence
    return (
        f"| [{entry.name}](#{entry.name}) | {purpose} | {entry.size / 1e6:.1f} | {licence} "
        f"| {YES[language][0 if entry.permissive else 1]} | {origin} |"
    )


def _card(entry: Entry, language: Language) -> str:
    text = translated(entry) if language == "zh" else None
    lines = text.strip().splitlines() if text else entry.card.strip().splitlines()[1:]
    return "\n".join([f"## {entry.name} {{ #{entry.name} }}", "", *lines, ""])
