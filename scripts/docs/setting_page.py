"""The reference of settings, made from koutu.settings."""

import re
import types
import typing
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from scripts.docs.chinese import texts

from koutu.contract.wording import Language
from koutu.settings import Settings

HEAD = {
    "en": """# Settings

Each setting is `KOUTU_<NAME>` in the environment, or `<name>` in a TOML file: `koutu.toml` in the working folder, or the file that
`KOUTU_CONFIG` names. Options of a command come first, then the environment, then the file. Bytes are bytes, times are seconds,
hosts are `host` or `host:port`.

```toml title="koutu.toml"
data = "/var/lib/koutu"
host = "0.0.0.0"
port = 8080
licences = "permissive"
```

| environment | default | values | meaning |
| --- | --- | --- | --- |
""",
    "zh": """# 设置

每项设置可以写成环境变量 `KOUTU_<NAME>`，也可以写成 TOML 文件里的 `<name>`：默认读取工作目录下的 `koutu.toml`，或由 `KOUTU_CONFIG` 指定文件。
优先级：命令行选项，其次环境变量，最后是文件。字节数以字节为单位，时间以秒为单位，主机写成 `host` 或 `host:port`。

```toml title="koutu.toml"
data = "/var/lib/koutu"
host = "0.0.0.0"
port = 8080
licences = "permissive"
```

| 环境变量 | 默认值 | 取值 | 含义 |
| --- | --- | --- | --- |
""",
}
KINDS = {
    "en": {bool: "true or false", int: "integer", float: "number", str: "text", Path: "path", tuple: "list"},
    "zh": {bool: "true 或 false", int: "整数", float: "数字", str: "字符串", Path: "路径", tuple: "列表"},
}


def render(language: Language) -> str:
    """The page's text."""
    rows = [_row(name, field, language) for name, field in Settings.model_fields.items()]
    return HEAD[language] + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo, language: Language) -> str:
    described = field.description or ""
    meaning = texts("settings").get(name, described) if language == "zh" else described
    return f"| `KOUTU_{name.upper()}` | {_default(field.default)} | {_values(field, language)} | {_cell(meaning)} |"


def _default(value: Any) -> str:
    if value is None or value in ("", ()):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _values(field: FieldInfo, language: Language) -> str:
    kind = field.annotation
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{value}`" for value in typing.get_args(kind))
    plain = typing.get_origin(kind) or kind
    words = KINDS[language].get(plain, "") if isinstance(plain, type) else ""
    bounds = [f"{sign} {bound:g}" for part in field.metadata for sign, bound in _bounds(part)]
    return " ".join([words, ", ".join(bounds)]).strip()


def _bounds(part: object) -> list[tuple[str, float]]:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    return [(sign, getattr(part, name)) for name, sign in signs.items() if getattr(part, name, None) is not None]


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
