"""Write docs/actions.md, the reference of actions, from the contract; with --check only say whether it is fresh."""

import sys
from pathlib import Path

from koutu.contract import ACTIONS, Action, Limits
from koutu.library import available

PAGE = Path(__file__).parents[1] / "docs" / "actions.md"
HEAD = """# Actions

Made from the contract by `scripts/action_reference.py`; do not edit.

`koutu.NAME(photo)` is the library's function, `koutu cut` the command. Sides are exclusive bounds in pixels, bytes are
inclusive; the limits hold at the API (`KOUTU_LIMITS=documented`), while the library and the command line know only
`KOUTU_MAX_PIXELS`. A return form that is not named means the first one. Result links are good for 30 minutes.
"""


def _limits(limits: Limits) -> str:
    parts = [", ".join(limits.formats), f"at most {limits.max_bytes / 2**20:g} MB"]
    if limits.png_depths:
        parts.append(f"PNG of {' or '.join(map(str, limits.png_depths))} bits")
    if limits.min_side is not None:
        parts.append(f"sides over {limits.min_side}")
    if limits.max_side is not None:
        parts.append(f"sides under {limits.max_side}")
    if limits.aspect_ratio is not None:
        parts.append(f"width / height {limits.aspect_ratio[0]:g} to {limits.aspect_ratio[1]:g}")
    if limits.download_timeout_s is not None:
        parts.append(f"downloaded within {limits.download_timeout_s:g} s")
    return "; ".join(parts)


def _section(action: Action) -> str:
    state = "" if action.result.shape == "job" or available(action) else " (not available in this version)"
    lines = [f"## {action.name}{state}", "", f"{action.purpose[0].upper()}{action.purpose[1:]}.", ""]
    if action.result.shape != "job":
        lines.append(f"- Function: `koutu.{action.function}`")
    for parameter in action.params.values():
        facts = [parameter.kind, "required" if parameter.required else "optional"]
        facts += ["list"] if parameter.list else []
        facts += [f"one of {', '.join(parameter.choices)}"] if parameter.choices else []
        lines.append(f"- Parameter `{parameter.name}`: {', '.join(facts)}")
    if action.limits is not None:
        lines.append(f"- Image: {_limits(action.limits)}")
        forms = [f"`{wire}` = {form}" if wire else f"absent = {form}" for wire, form in action.forms.items()]
        lines.append(f"- Return forms: {', '.join(forms)}")
    if action.asynchronous != "never":
        lines.append(f"- Asynchronous: {action.asynchronous}; GetAsyncJobResult gives the result")
    fields = f"Elements with {', '.join(action.result.fields)}" if action.result.shape == "elements" else action.result.url
    if fields:
        lines.append(f"- Result: {fields}{', and OriginImageURL' if action.result.origin else ''}")
    if action.classes:
        lines.append(f"- Classes: {', '.join(f'{index} {name}' for index, name in enumerate(action.classes))}")
    if action.parts:
        lines.append(f"- Parts: {', '.join(action.parts)}; when visible: {', '.join(action.parts_when_visible)}")
    lines += [f"- {text[0].upper()}{text[1:]}." for text in (action.precondition, action.notes) if text]
    return "\n".join(lines) + "\n"


def render() -> str:
    """The page's text."""
    return "\n".join([HEAD, *map(_section, ACTIONS.values())])


def main() -> int:
    """Write or check the page."""
    if "--check" in sys.argv:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == render() else 1
    PAGE.write_text(render(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
