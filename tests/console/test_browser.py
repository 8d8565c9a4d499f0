"""The console as a visitor has it, in Chromium."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from koutu.contract import ACTIONS

pytestmark = pytest.mark.long

PHOTOS = Path(__file__).parents[2] / "src" / "koutu" / "samples"
CALLABLE = [name for name, action in ACTIONS.items() if action.images]
PAGES = {
    "home": "",
    "play": "play/SegmentBody",
    "jobs": "jobs",
    "usage": "usage",
    "bill": "bill",
    "keys": "keys",
    "models": "models",
}
# No sample that ships surely shows them what they look for; they may say so.
WITHOUT_A_SAMPLE = {"SegmentFood", "SegmentFurniture"}
# Rules of axe-core that weigh so little are read, not failed on.
SERIOUS = ("serious", "critical")


@pytest.mark.parametrize("action", CALLABLE)
def test_every_action_runs_on_a_sample(visit, action):
    page = visit.open(f"play/{action}")
    for field in reversed(page.locator(".input:has([data-sample])").all()):
        field.locator("[data-sample]").first.click()
    if action in WITHOUT_A_SAMPLE:
        page.wait_for_selector("#problem:not([hidden]), #code:not([hidden])")
        return
    visit.finish()
    assert page.locator("#stage .viewport").is_visible()
    drawn = page.evaluate("document.querySelector('.after').width * document.querySelector('.after').height")
    assert drawn > 10_000
    if ACTIONS[action].result.shape == "elements":
        assert page.locator("#elements li").count() > 0
    if ACTIONS[action].classes:
        shares = [float(cell.split()[0]) for cell in page.locator("#legend td").all_inner_texts()]
        assert sum(shares) == pytest.approx(100, abs=1)
    visit.shoot(f"action-{action}")


def test_a_file_is_uploaded_slid_zoomed_coloured_and_downloaded(visit, tmp_path):
    page = visit.open("play/SegmentAnimal")
    page.set_input_files("input[type=file]", PHOTOS / "skimage_chelsea.png")
    page.click("#run")
    visit.finish()
    assert "s" in page.locator("#timing").inner_text()
    page.locator("#slider").focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.querySelector('.before').style.clipPath") == "inset(0px 70% 0px 0px)"
    box = page.locator(".handle").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 30)
    page.mouse.up()
    assert int(page.input_value("#slider")) > 35
    fitted = page.locator(".sheet").bounding_box()["width"]
    page.click("#zoom-in")
    assert page.locator(".sheet").bounding_box()["width"] == pytest.approx(fitted * 1.4, rel=0.01)
    page.check("#outlines")
    assert page.locator(".outline").is_visible()
    page.check("input[name=background][value=white]", force=True)
    with page.expect_download() as download:
        page.click("#download")
    with Image.open(download.value.path()) as picture, Image.open(PHOTOS / "skimage_chelsea.png") as photo:
        assert picture.size == photo.size
        assert picture.convert("RGBA").getextrema()[3] == (255, 255)
        assert picture.convert("RGB").getpixel((picture.width - 1, 0)) == (255, 255, 255)


def test_a_dropped_and_a_pasted_photo_and_one_from_the_camera_are_taken(visit):
    page = visit.open("play/SegmentCommonImage")
    for kind, target in (("drop", ".drop"), ("paste", "document")):
        page.evaluate(
            """async ([kind, target]) => {
                const blob = await (await fetch('/samples/skimage_coffee.png')).blob();
                const data = new DataTransfer();
                data.items.add(new File([blob], kind + '.png', { type: 'image/png' }));
                const event = kind === 'drop'
                    ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
                    : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
                (target === 'document' ? document : document.querySelector(target)).dispatchEvent(event);
            }""",
            [kind, target],
        )
        expect(page.locator(".file-name")).to_have_text(f"{kind}.png", timeout=60_000)
    page.click(".take")
    page.click("#shoot")
    expect(page.locator(".file-name")).to_have_text("camera.jpg", timeout=60_000)


def test_a_photo_beyond_the_limits_is_made_smaller(visit, tmp_path):
    large = tmp_path / "large.tiff.png"
    with Image.open(PHOTOS / "skimage_chelsea.png") as photo:
        photo.resize((2400, 1600)).save(large)
    page = visit.open("play/SegmentBody")
    page.set_input_files("input[type=file]", PHOTOS / "skimage_astronaut.png")
    page.set_input_files("input[type=file]", large)
    page.goto(page.url.replace("SegmentBody", "SegmentCommonImage"))
    page.set_input_files("input[type=file]", large)
    page.click("#run")
    visit.finish()
    assert "1999×1332" in page.locator("#timing").inner_text()


def test_what_is_wrong_is_said_with_its_cure(visit):
    page = visit.open("play/ParseFace")
    page.set_input_files("input[type=file]", PHOTOS / "skimage_coffee.png")
    page.click("#run")
    page.wait_for_selector("#problem:not([hidden])")
    assert "/errors/" in page.locator("#problem a").get_attribute("href")
    assert page.locator("#code").is_hidden()


def test_the_keyboard_alone_is_enough(visit):
    page = visit.open("play/SegmentAnimal")
    page.locator("[data-sample]").first.focus()
    page.keyboard.press("Enter")
    visit.finish()
    page.locator("[role=tab][aria-selected=true]").focus()
    for kind in ("old-python", "javascript", "curl"):
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.dataset.kind") == kind
    assert "openssl" in page.locator("#code-text").inner_text()


def test_a_job_is_seen_to_finish(visit):
    jobs = visit.page.context.new_page()
    jobs.goto(f"{visit.server.base}/console/jobs")
    states = """() => {
        window.seen = new Set();
        new MutationObserver(() => document.querySelectorAll('#jobs tbody tr:first-child .badge').forEach(
            (badge) => window.seen.add(badge.textContent))).observe(document.querySelector('#jobs tbody'), { childList: true });
    }"""
    jobs.evaluate(states)
    before = jobs.locator("#jobs tbody tr").count()
    page = visit.open("play/SegmentHDCommonImage")
    # A photo large enough for the job to be seen while it runs.
    buffer = io.BytesIO()
    with Image.open(PHOTOS / "skimage_chelsea.png") as photo:
        photo.convert("RGB").resize((5400, 3600)).save(buffer, "JPEG")
    page.set_input_files("input[type=file]", {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()})
    page.click("#run")
    visit.finish()
    rows = jobs.locator("#jobs tbody tr")
    expect(rows).to_have_count(before + 1, timeout=60_000)
    expect(rows.first.locator(".badge")).to_have_class(re.compile("PROCESS_SUCCESS"), timeout=60_000)
    assert jobs.evaluate("[...window.seen]")[-1] == "done"
    jobs.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_fault_for_assistive_technology(visit, axe, name):
    for language in ("zh", "en"):
        page = visit.open(f"language/{language}?back=/console/{PAGES[name]}")
        if name == "play":
            page.locator("[data-sample]").first.click()
            visit.finish()
        assert _serious(page, axe) == []


def test_the_door_has_no_serious_fault(browser, server, axe):
    for locale in ("en", "zh-CN"):
        page = browser.new_page(locale=locale)
        page.goto(server.base)
        assert _serious(page, axe) == []
        page.close()


def _serious(page, axe):
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found if rule["impact"] in SERIOUS]


def test_languages_switch_and_stay(visit):
    page = visit.open("usage")
    page.click(".language")
    assert page.url.endswith("/console/usage")
    assert page.locator("h1").inner_text() == "用量"
    page = visit.open("jobs")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.click(".language")
    assert page.locator("h1").inner_text() == "Jobs"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_fit_their_screen(sized, language, request):
    size = request.node.callspec.params["sized"]
    for name, path in PAGES.items():
        page = sized.open(f"language/{language}?back=/console/{path}")
        if name == "play":
            page.locator("[data-sample]").first.click()
            sized.finish()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        sized.shoot(f"{size}-{language}-{name}")
