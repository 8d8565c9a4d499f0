"""A running server and headless Chromium."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = Path(os.environ["KOUTU_SCREENSHOTS"]) if "KOUTU_SCREENSHOTS" in os.environ else None
DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
ADMIN = "the administrator's token of this test"
# Chromium is to talk to the test's server and to nobody else.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@dataclass(frozen=True)
class Server:
    base: str
    key: dict[str, str]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    koutu = str(Path(sys.executable).with_name("koutu"))
    environment = {**os.environ, "KOUTU_ADMIN_TOKEN": ADMIN, "KOUTU_QUOTAS": "off", "KOUTU_CALL_TIMEOUT_S": "600"}
    made = subprocess.run(
        [koutu, "keys", "create", "--json", "--data", str(folder)], env=environment, capture_output=True, check=True
    )
    command = [koutu, "serve", "--port", "0", "--data", str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout
    line = process.stdout.readline()
    assert "http" in line, (folder / "log").read_text()
    yield Server("http" + line.strip().rpartition("http")[2], json.loads(made.stdout))
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if "CI" in os.environ:
            pytest.fail("Chromium is not installed: apt-get install chromium")
        pytest.skip("CHROMIUM IS NOT INSTALLED, SO THE CONSOLE IS NOT DRIVEN: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A signed-in visitor of the console; `faults` are what the browser complained of."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(200_000)
        self.server = server
        self.faults: list[str] = []
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def sign_in(self) -> None:
        self.page.goto(self.server.base)
        self.page.fill("[name=access_key_id]", self.server.key["access_key_id"])
        self.page.fill("[name=access_key_secret]", self.server.key["access_key_secret"])
        self.page.click("form.card button.primary")
        self.page.wait_for_url("**/console/")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.server.base}/console/{path}")
        return self.page

    def finish(self) -> None:
        """Wait for the end of a call."""
        self.page.wait_for_selector("#run:not([disabled])")
        problem = self.page.locator("#problem")
        assert problem.is_hidden(), problem.inner_text()
        self.page.wait_for_selector("#code:not([hidden])")

    def shoot(self, name: str) -> None:
        """Keep a screenshot where KOUTU_SCREENSHOTS says."""
        if SHOTS is not None:
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def _visit(browser: Browser, server: Server, size: dict[str, int], locale: str = "en") -> Iterator[Visit]:
    context = browser.new_context(
        viewport=size, locale=locale, permissions=["clipboard-read", "clipboard-write", "camera"], accept_downloads=True
    )
    visit = Visit(context, server)
    visit.sign_in()
    yield visit
    context.close()
    assert visit.faults == []


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """On a desktop."""
    yield from _visit(browser, server, DESKTOP)


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Visit]:
    yield from _visit(browser, server, PHONE)


@pytest.fixture(params=["desktop", "phone"])
def sized(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Visit]:
    yield from _visit(browser, server, DESKTOP if request.param == "desktop" else PHONE)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as its Python package brings it."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found
    assert found.origin
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def clients() -> ModuleType:
    """The module that installs the official clients."""
    spec = importlib.util.spec_from_file_location("console_clients", ROOT / "tests" / "conformance" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
