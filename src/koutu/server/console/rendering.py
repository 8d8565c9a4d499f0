"""Pages from templates, in the visitor's language."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from koutu.contract.wording import LANGUAGES, Language, wording
from koutu.server.console.guard import protect

LANGUAGE_COOKIE = "koutu_language"


@cache
def texts(language: Language) -> dict[str, str]:
    """The console's own words."""
    table = tomllib.loads((files("koutu.server.console") / "texts.toml").read_text(encoding="utf-8"))
    return {name: words[language] for name, words in table.items()}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("koutu.server.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["icon"] = _icon
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    return environment


def language_of(request: Request) -> Language:
    """The visitor's choice, or what the browser asks for, or English."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the console."""
    language = language_of(request)
    html = (
        _environment()
        .get_template(template)
        .render(t=texts(language), w=wording(language), language=language, path=request.url.path, **values)
    )
    return protect(HTMLResponse(html, status, headers={"Vary": "Cookie, Accept-Language"}))


def _icon(name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#{}"></use></svg>').format(name)
