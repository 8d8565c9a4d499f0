"""The documentation site builds without a warning, in both languages, from this contract and these tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from PIL import Image
from scripts.docs import command_page, model_page
from scripts.docs.chinese import texts
from scripts.docs.pictures import SCENES

from koutu.cli.main import app
from koutu.models import catalog
from koutu.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site, with small blanks in the places of pictures that take a minute to draw."""
    folder = tmp_path_factory.mktemp("site")
    pictures = folder / "blanks"
    pictures.mkdir()
    for name in SCENES:
        Image.new("RGB", (8, 4)).save(pictures / f"{name}.webp")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder / "site")],
        cwd=ROOT,
        env={**os.environ, "KOUTU_DOCS_PICTURES": str(pictures), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return folder / "site"


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    english = {path.relative_to(site) for path in site.rglob("index.html") if not path.is_relative_to(site / "zh")}
    chinese = {path.relative_to(site / "zh") for path in (site / "zh").rglob("index.html")}
    assert english == chinese
    assert len(english) > len(SCENES)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_links_of_the_readmes_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / name).read_text(encoding="utf-8"))
    assert targets
    assert not [target for target in targets if not target.startswith("http") and not (ROOT / target).exists()]


def test_coverage_is_fresh() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "coverage_table.py"), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make reference` and commit what it writes\n{done.stdout[-500:]}{done.stderr[-2000:]}"


@pytest.mark.long
def test_every_page_is_translated() -> None:
    """A page without a Chinese one is shown in English on the Chinese site."""
    english = {path.name for path in (ROOT / "docs").glob("*.md") if not path.name.endswith(".zh.md")} - {"coverage.md"}
    assert not {name for name in english if not (ROOT / "docs" / name.replace(".md", ".zh.md")).exists()}


@pytest.mark.long
def test_references_are_translated() -> None:
    """Settings, help texts, models, licences and cards."""
    root = typer.main.get_command(app)
    said = {text for _, command in command_page.commands(root, "koutu") for text in command_page.sayings(command)}
    missing = {
        "settings": sorted(Settings.model_fields.keys() - texts("settings").keys()),
        "commands": sorted(said - texts("commands").keys()),
        "models": sorted(catalog().keys() - texts("models").keys()),
        "licences": sorted({entry.licence for entry in catalog().values()} - texts("licences").keys()),
        "cards": sorted(name for name, entry in catalog().items() if model_page.translated(entry) is None),
    }
    assert not any(missing.values()), missing
