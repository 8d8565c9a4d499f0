"""The pages that are made from the code: site path -> Markdown, in both languages."""

from scripts.docs import action_pages, command_page, coverage_page, error_page, marked_sections, model_page, setting_page

from koutu.contract import ACTIONS
from koutu.contract.wording import LANGUAGES, Language

action_uri = action_pages.uri


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/; Chinese ones end in .zh.md, and coverage.md itself lies there."""
    made = {"coverage.zh.md": coverage_page.chinese(), **marked_sections.filled()}
    for language in LANGUAGES:
        made[_path("actions/index.md", language)] = action_pages.index(language)
        for action in ACTIONS.values():
            made[_path(action_uri(action), language)] = action_pages.page(action, language)
        made[_path("errors.md", language)] = error_page.render(language)
        made[_path("settings.md", language)] = setting_page.render(language)
        made[_path("commands.md", language)] = command_page.render(language)
        made[_path("models.md", language)] = model_page.render(language)
    return made


def _path(uri: str, language: Language) -> str:
    return uri if language == "en" else f"{uri.removesuffix('.md')}.zh.md"
