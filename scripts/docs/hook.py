"""What MkDocs calls while it builds: pages, generated ones and pictures are laid together, links outwards made plain."""

import os
import re
import shutil
import sys
from pathlib import Path

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from scripts.docs import generated, pictures  # noqa: E402

from koutu.contract import ACTIONS  # noqa: E402
from koutu.contract.wording import wording  # noqa: E402

PAGES = ROOT / "docs"
PICTURES = Path(os.environ.get("KOUTU_DOCS_PICTURES", pictures.FOLDER))
_OUTWARD = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\./[^)]+|decisions/?[^)]*)\)")


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Lay the site's folder together, list the pages of actions by family, and at the end those that nothing names."""
    # The plugin for languages sorts files that lie in docs_dir alone, so what is generated has to lie there too.
    config.docs_dir = str(lay_out(Path(config.site_dir).parent / "build" / "docs"))
    for entry in config.nav or []:
        if "Actions" in entry:
            families: dict[str, list[str]] = {}
            for action in ACTIONS.values():
                families.setdefault(wording("en").families[action.family], []).append(generated.action_uri(action))
            entry["Actions"] = ["actions/index.md", *({title: pages} for title, pages in families.items())]
    named = yaml.safe_dump(config.nav)
    rest = [path.name for path in sorted(PAGES.glob("*.md")) if not path.name.endswith(".zh.md") and path.name not in named]
    config.nav = [*(config.nav or []), *([{"More": rest}] if rest else [])]
    return config


def lay_out(folder: Path) -> Path:
    """Fill a folder with the pages of docs/, the generated pages and the pictures."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PAGES, folder, ignore=shutil.ignore_patterns("decisions"))
    for uri, text in generated.pages().items():
        path = folder / uri
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "pictures").mkdir(exist_ok=True)
    for picture in PICTURES.glob("*.webp"):
        shutil.copy(picture, folder / "pictures")
    return folder


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Name files of the repository that are not pages, where the text links to them."""
    return _OUTWARD.sub(lambda link: _plain(link, page), markdown)


def _plain(link: re.Match[str], page: Page) -> str:
    target = os.path.normpath((PAGES / page.file.src_uri).parent / link[2].partition("#")[0])
    inside = os.path.relpath(target, ROOT)
    if inside.startswith("docs/") and not inside.startswith("docs/decisions"):
        return link[0]
    return f"{link[1]} (`{inside}`)"
