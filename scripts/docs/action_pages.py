"""One page for each action and an index of them, made from the contract."""

import re

from scripts.docs import action_code
from scripts.docs.pictures import SCENES

from koutu.contract import ACTIONS, RESULT_LINK_SECONDS, Action, Limits, Parameter
from koutu.contract.wording import Language, wording

# The photo of the examples where no sample shows the action's subject: they say then that they find none.
STAND_IN = "skimage_coffee.png"
WORDS = {
    "en": {
        "index": "# Actions\n\nThe {count} actions of the imageseg API, version 2019-12-30. `koutu.NAME(photo)` is the library's function "
        "and `koutu cut` the command; both know no limits but `KOUTU_MAX_PIXELS`.\n",
        "row": "| action | for | called | result |",
        "before": "A sample photo, and what {name} makes of it. `make docs-pictures` draws this picture.",
        "none": "No openly licensed photo of this subject ships with Koutu, so the examples below find nothing on theirs.",
        "parameters": "## Parameters\n\n| parameter | kind | required | meaning |\n| --- | --- | --- | --- |",
        "forms": "## Forms of the result\n\n| `ReturnForm` | result |\n| --- | --- |",
        "absent": "(absent, or any other value)",
        "limits": "## Limits of the photo\n",
        "limits_note": "They hold at the API with `KOUTU_LIMITS=documented`. A bound of sides is exclusive, of bytes inclusive.",
        "result": "## Result\n",
        "link": "A link to a PNG is good for {minutes} minutes. ",
        "names": "## Names\n\n| name | meaning |\n| --- | --- |",
        "classes": "## Classes\n\n| pixel value | name | meaning |\n| --- | --- | --- |",
        "visible": "{parts} are there when they are visible.",
        "use": "## Use\n",
        "library": "Library",
        "cli": "Command line",
        "sdk": "Official Python SDK",
        "yes": "yes",
        "list": "list as `{name}.1`, `{name}.2` ...",
        "one of": "one of {values}",
        "and": ", ",
        "stop": ".",
    },
    "zh": {
        "index": "# 接口\n\nimageseg API（2019-12-30 版）的 {count} 个接口。`koutu.NAME(photo)` 是库函数，`koutu cut` 是命令；"
        "两者只受 `KOUTU_MAX_PIXELS` 限制。\n",
        "row": "| 接口 | 用途 | 调用方式 | 结果 |",
        "before": "示例照片，以及 {name} 的结果。此图由 `make docs-pictures` 绘制。",
        "none": "Koutu 没有附带这类主体的开放许可照片，所以下面的示例在示例照片里找不到目标。",
        "parameters": "## 参数\n\n| 参数 | 类型 | 必填 | 含义 |\n| --- | --- | --- | --- |",
        "forms": "## 结果形式\n\n| `ReturnForm` | 结果 |\n| --- | --- |",
        "absent": "（不填，或其他任何值）",
        "limits": "## 图片限制\n",
        "limits_note": "以上限制在 `KOUTU_LIMITS=documented` 时对 API 生效。边长的界限不含端点，字节数含端点。",
        "result": "## 结果\n",
        "link": "PNG 链接的有效期为 {minutes} 分钟。",
        "names": "## 名称\n\n| 名称 | 含义 |\n| --- | --- |",
        "classes": "## 类别\n\n| 像素值 | 名称 | 含义 |\n| --- | --- | --- |",
        "visible": "{parts} 在可见时才有。",
        "use": "## 用法\n",
        "library": "库",
        "cli": "命令行",
        "sdk": "官方 Python SDK",
        "yes": "是",
        "list": "列表，写成 `{name}.1`、`{name}.2`……",
        "one of": "取值 {values}",
        "and": "、",
        "stop": "。",
    },
}


def uri(action: Action) -> str:
    """The page's path below docs/."""
    return f"actions/{_dashed(action.name)}.md"


def photo_of(action: Action) -> str:
    """The sample that the page's examples are run on."""
    return SCENES[action.function].photo if action.function in SCENES else STAND_IN


def index(language: Language) -> str:
    """The page that lists all actions."""
    words, own = wording(language), WORDS[language]
    lines = [own["index"].format(count=len(ACTIONS))]
    for family, title in words.families.items():
        members = [action for action in ACTIONS.values() if action.family == family]
        lines += [f"## {title}\n", own["row"], "| --- | --- | --- | --- |"]
        for action in members:
            called = words.asynchronous[action.asynchronous]
            page_of = f"{_dashed(action.name)}.md"
            shown = f"![{words.titles[action.name]}](../pictures/{action.function}.webp){{ .thumb loading=lazy }}"
            lines.append(
                f"| [{action.name}]({page_of})<br>{words.titles[action.name]} | {words.purposes[action.name]} | {called} "
                f"| {shown if action.function in SCENES else ''} |"
            )
        lines.append("")
    return "\n".join(lines)


def page(action: Action, language: Language) -> str:
    """An action's page."""
    words, own = wording(language), WORDS[language]
    purpose = words.purposes[action.name]
    parts = [
        f"# {action.name} · {words.titles[action.name]}\n\n{purpose if language == 'zh' else purpose[0].upper() + purpose[1:]}{own['stop']}\n"
    ]
    said = (words.preconditions.get(action.name), words.notes.get(action.name))
    parts += [f"{text if language == 'zh' else text[0].upper() + text[1:]}{own['stop']}\n" for text in said if text]
    if action.function in SCENES:
        caption = own["before"].format(name=action.name)
        parts.append(f"![{caption}](../pictures/{action.function}.webp)\n\n{caption}\n")
    elif action.images:
        parts.append(f"!!! note\n\n    {own['none']}\n")
    parts += [_use(action, language), _parameters(action, language)]
    if len(action.forms) > 1:
        rows = [f"| {f'`{wire}`' if wire else own['absent']} | {words.forms[form]} |" for wire, form in action.forms.items()]
        parts.append("\n".join([own["forms"], *rows, ""]))
    parts.append(_result(action, language))
    if action.limits:
        parts.append(f"{own['limits']}\n{_limits(action.limits, language)}\n\n{own['limits_note']}\n")
    return "\n".join(parts)


def _parameters(action: Action, language: Language) -> str:
    words, own = wording(language), WORDS[language]
    rows = [
        f"| `{parameter.name}` | {_kind(action, parameter, language)} | {own['yes'] if parameter.required else ''} "
        f"| {words.parameters[parameter.name]} |"
        for parameter in action.params.values()
    ]
    return "\n".join([own["parameters"], *rows, ""])


def _kind(action: Action, parameter: Parameter, language: Language) -> str:
    own = WORDS[language]
    choices = parameter.choices or tuple(wire for wire in action.forms if wire and parameter.name == "ReturnForm")
    if choices:
        kind = own["one of"].format(values=own["and"].join(f"`{choice}`" for choice in choices))
    else:
        kind = wording(language).kinds[parameter.kind]
    return f"{kind}; {own['list'].format(name=parameter.name)}" if parameter.list else kind


def _result(action: Action, language: Language) -> str:
    words, own = wording(language), WORDS[language]
    shape = action.result
    if shape.shape == "job":
        return f"{own['result']}\n`Data`: `JobId`, `Status`, `Result`, `ErrorCode`, `ErrorMessage`{own['stop']}\n"
    if shape.shape == "image":
        where = f"`Data.{shape.url}`"
    else:
        names = [*shape.fields, *(f"{name} ({parameter})" for name, parameter in shape.fields_with.items())]
        where = f"`Data.Elements[]`: {own['and'].join(f'`{name}`' for name in names)}"
        where += f"{own['and']}`Data.OriginImageURL`" if shape.origin else ""
    lines = [f"{own['result']}\n{where}{own['stop']} {own['link'].format(minutes=RESULT_LINK_SECONDS // 60)}\n"]
    if action.classes:
        rows = [f"| {number} | `{name}` | {words.names[name]} |" for number, name in enumerate(action.classes)]
        lines.append("\n".join([own["classes"], *rows, ""]))
    named = action.parts or tuple(choice for parameter in action.params.values() for choice in parameter.choices)
    if named:
        lines.append("\n".join([own["names"], *(f"| `{name}` | {words.names[name]} |" for name in named), ""]))
    if action.parts_when_visible:
        lines.append(own["visible"].format(parts=own["and"].join(f"`{name}`" for name in action.parts_when_visible)) + "\n")
    return "\n".join(lines)


def _limits(limits: Limits, language: Language) -> str:
    chinese = language == "zh"
    facts = [(", ".join(limits.formats), "格式" if chinese else "formats")]
    facts.append((f"{limits.max_bytes / 2**20:g} MB", "文件不超过" if chinese else "at most"))
    if limits.png_depths:
        facts.append((" / ".join(map(str, limits.png_depths)), "PNG 位深" if chinese else "bits per pixel of a PNG"))
    if limits.min_side is not None:
        facts.append((f"{limits.min_side} px", "边长大于" if chinese else "sides over"))
    if limits.max_side is not None:
        facts.append((f"{limits.max_side} px", "边长小于" if chinese else "sides under"))
    if limits.aspect_ratio is not None:
        low, high = limits.aspect_ratio
        facts.append((f"{low:g} - {high:g}", "宽高比" if chinese else "width / height"))
    if limits.download_timeout_s is not None:
        facts.append((f"{limits.download_timeout_s:g} s", "下载时限" if chinese else "downloaded within"))
    return "\n".join(f"- {title}: {fact}" if not chinese else f"- {title}：{fact}" for fact, title in facts)


def _use(action: Action, language: Language) -> str:
    own = WORDS[language]
    tabs = []
    if action.images:
        tabs.append((own["library"], "python", action_code.library(action)))
        tabs.append((own["cli"], "sh", action_code.command(action)))
    tabs.append((own["sdk"], "python", action_code.sdk(action, photo_of(action))))
    finds = action.function in SCENES or not action.images or action.result.shape == "elements"
    mark = [] if finds else ["<!-- block: fails -->"]
    blocks = []
    for title, syntax, code in tabs:
        inside = "\n".join(f"    {line}".rstrip() for line in [*mark, f"```{syntax}", *code.splitlines(), "```"])
        blocks.append(f'=== "{title}"\n\n{inside}\n')
    return "\n".join([own["use"], *blocks])


def _dashed(name: str) -> str:
    return action_code.snake(re.sub(r"HD(?=[A-Z])", "Hd", name)).replace("_", "-")
