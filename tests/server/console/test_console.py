"""The console over HTTP, with an engine that answers at once."""

import re

import pytest

from koutu.contract import ACTIONS
from koutu.contract.wording import LANGUAGES
from koutu.server.console.playground import CALLABLE
from koutu.server.samples import sample

PAGES = ("/", "/jobs", "/usage", "/bill", "/keys", "/models")


@pytest.fixture(autouse=True)
def nobody(wire):
    """Nobody is signed in, and nobody has tried."""
    wire.http.cookies.clear()
    wire.http.app.state.rooms.console.attempts.__init__()


@pytest.fixture
def visitor(wire):
    """Signed in with the wire's key."""
    return _sign_in(wire, access_key_id=wire.key.access_key_id, access_key_secret=wire.key.access_key_secret)


@pytest.fixture
def admin(wire, admin_token):
    return _sign_in(wire, admin_token=admin_token)


def _sign_in(wire, **form):
    http = wire.http
    http.cookies.clear()
    answer = http.post("/console/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/")
    return http


def _token(http):
    return re.search(r'name="csrf" content="([^"]+)"', http.get("/console/").text)[1]


def _call(http, action="SegmentBody", params=None, token=None, **query):
    images = {
        p.name: {"url": "/samples/skimage_astronaut.png", "file": "a.png", "sample": True} for p in ACTIONS[action].images
    }
    order = {"action": action, "params": params or {}, "images": images}
    return http.post("/console/api/calls", json=order, params=query, headers={"X-CSRF-Token": token or _token(http)})


def test_whoever_is_not_signed_in_is_led_to_the_door(wire):
    for path in (*PAGES, "/play/SegmentBody"):
        answer = wire.http.get(f"/console{path}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
    assert wire.http.get("/console/api/jobs").status_code == 401
    assert _call(wire.http, token="x").status_code == 401


def test_a_wrong_secret_and_a_disabled_key_stay_outside(wire):
    form = {"access_key_id": wire.key.access_key_id, "access_key_secret": "wrong"}
    assert wire.http.post("/console/sign-in", data=form).status_code == 403
    assert wire.http.post("/console/sign-in", data={"admin_token": "wrong"}).status_code == 403
    wire.keys.disable(wire.key.access_key_id)
    form["access_key_secret"] = wire.key.access_key_secret
    assert wire.http.post("/console/sign-in", data=form).status_code == 403


def test_guessing_is_slowed_down(wire):
    form = {"access_key_id": wire.key.access_key_id, "access_key_secret": "wrong"}
    answers = [wire.http.post("/console/sign-in", data=form) for _ in range(9)]
    assert [answer.status_code for answer in answers] == [403] * 8 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    form["access_key_secret"] = wire.key.access_key_secret
    assert wire.http.post("/console/sign-in", data=form).status_code == 429


def test_a_session_ends_with_its_key(wire, visitor):
    assert visitor.get("/console/jobs", follow_redirects=False).status_code == 200
    wire.keys.disable(wire.key.access_key_id)
    assert visitor.get("/console/jobs", follow_redirects=False).status_code == 303


def test_a_cookie_of_another_server_is_none(wire):
    wire.http.cookies.set("koutu_console", "gAAAAABnonsense")
    assert wire.http.get("/console/", follow_redirects=False).status_code == 303


def test_cookies_and_pages_are_guarded(wire):
    form = {"access_key_id": wire.key.access_key_id, "access_key_secret": wire.key.access_key_secret}
    cookie = wire.http.post("/console/sign-in", data=form, follow_redirects=False).headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/console"} <= {part.strip() for part in cookie.split(";")}
    page = wire.http.get("/console/play/SegmentBody")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert wire.key.access_key_secret not in page.text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.text)
    assert not re.search(r"\s(style|on\w+)=", page.text)


def test_writes_need_the_sessions_token_and_a_page_of_ours(wire, visitor):
    token = _token(visitor)
    assert _call(visitor, token="wrong").status_code == 403
    answer = visitor.post("/console/api/photos", content=b"x", headers={"X-CSRF-Token": token, "Origin": "http://evil.test"})
    assert answer.status_code == 403
    assert visitor.post("/console/sign-out", data={"csrf": "wrong"}).status_code == 403
    assert visitor.post("/console/sign-out", data={"csrf": token}, follow_redirects=False).status_code == 303
    assert visitor.get("/console/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(wire, visitor, language):
    visitor.get(f"/console/language/{language}", follow_redirects=False)
    for path in (*PAGES, *(f"/play/{name}" for name in CALLABLE)):
        page = visitor.get(f"/console{path}")
        assert page.status_code == 200
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page.text
        assert "built-in method" not in page.text


def test_the_form_is_made_from_the_contract(visitor):
    for action in CALLABLE.values():
        page = visitor.get(f"/console/play/{action.name}").text
        for parameter in action.params.values():
            assert f'data-parameter="{parameter.name}"' in page or f'name="{parameter.name}"' in page


def test_a_language_leads_back_to_this_console_alone(wire):
    for back in ("//evil.test", "/console/\\evil", "https://evil.test", "/console//evil.test"):
        answer = wire.http.get("/console/language/zh", params={"back": back}, follow_redirects=False)
        assert answer.headers["location"] == "/console/"


def test_a_call_is_signed_metered_and_written_as_code(wire, visitor):
    document = _call(visitor, params={"ReturnForm": "mask"}).json()
    assert document["status"] == 200
    assert document["answer"]["Data"]["ImageURL"].startswith("http://")
    assert set(document["code"]) == {"new-python", "old-python", "javascript", "curl", "library", "cli"}
    assert [entry.action for entry in wire.entries()] == ["SegmentBody"]
    assert all(wire.key.access_key_secret not in text for text in document["code"].values())


def test_an_error_comes_with_its_cure(visitor):
    visitor.get("/console/language/zh", follow_redirects=False)
    document = _call(visitor, action="SegmentCloth", params={"ClothClass.1": "crown"}).json()
    assert (document["status"], document["answer"]["Code"]) == (400, "InvalidParameter")
    assert re.search("[\u4e00-\u9fff]", document["cure"])


def test_orders_that_make_no_sense_are_refused(visitor):
    token = _token(visitor)
    for order in ([], {}, {"action": "NoSuch"}, {"action": "SegmentBody", "images": [], "params": {}}):
        answer = visitor.post("/console/api/calls", json=order, headers={"X-CSRF-Token": token})
        assert answer.status_code == 400


def test_a_photo_is_its_accounts_alone(wire, visitor, engine):
    token, photo = _token(visitor), sample("skimage_astronaut.png")
    url = visitor.post("/console/api/photos", content=photo, headers={"X-CSRF-Token": token}).json()["url"]
    assert wire.call("SegmentBody", ImageURL=url)["status_code"] == 200
    assert engine.seen[-1][1]["ImageURL"] == photo
    other = wire.keys.create(account="other")
    assert wire.call("SegmentBody", other, ImageURL=url)["Code"] == "InvalidImage.Download"
    assert wire.http.get(url).status_code == 403


def test_jobs_are_listed_for_their_account_and_the_administrator(wire, visitor, admin_token):
    other = wire.keys.create(account="other")
    mine = wire.call("SegmentBody", ImageURL="http://127.0.0.1:8080/samples/skimage_astronaut.png", Async="true")["RequestId"]
    theirs = wire.call("SegmentBody", other, ImageURL="http://127.0.0.1:8080/samples/skimage_astronaut.png", Async="true")[
        "RequestId"
    ]
    wire.job(mine)
    wire.job(theirs, other)
    assert [job["id"] for job in visitor.get("/console/api/jobs").json()["jobs"]] == [mine]
    assert visitor.get(f"/console/api/jobs/{mine}").json()["answer"]["Data"]["Status"] == "PROCESS_SUCCESS"
    assert visitor.get(f"/console/api/jobs/{theirs}").json()["status"] == 400
    everyone = _sign_in(wire, admin_token=admin_token).get("/console/api/jobs").json()["jobs"]
    assert {mine, theirs} <= {job["id"] for job in everyone}


def test_an_account_sees_its_own_keys_and_usage(wire, visitor, admin_token):
    other = wire.keys.create(account="other", note="not yours")
    wire.call("SegmentHead", other, ImageURL="http://127.0.0.1:8080/samples/skimage_astronaut.png")
    assert other.access_key_id not in visitor.get("/console/keys").text
    assert 'scope="row">SegmentHead' not in visitor.get("/console/usage").text
    answer = visitor.post("/console/keys/create", data={"csrf": _token(visitor), "account": "other"}, follow_redirects=False)
    assert answer.status_code == 303
    visitor.post("/console/keys/disable", data={"csrf": _token(visitor), "access_key_id": other.access_key_id})
    assert wire.call("SegmentHead", other, ImageURL="http://127.0.0.1:8080/samples/skimage_astronaut.png")["status_code"] == 200
    everything = _sign_in(wire, admin_token=admin_token)
    assert other.access_key_id in everything.get("/console/keys").text
    assert 'scope="row">SegmentHead' in everything.get("/console/usage").text


def test_the_administrator_makes_disables_and_calls_with_keys(wire, admin):
    page = admin.post("/console/keys/create", data={"csrf": _token(admin), "account": "shop", "note": "n"})
    key_id, secret = re.findall(r"<dd><code>([^<]+)</code></dd>", page.text)
    assert secret not in admin.get("/console/keys").text
    assert _call(admin, key=key_id).json()["status"] == 200
    assert _call(admin).status_code == 403
    admin.post("/console/keys/disable", data={"csrf": _token(admin), "access_key_id": key_id})
    assert _call(admin, key=key_id).status_code == 403


def test_a_visitor_of_the_bare_address_comes_to_the_console(wire):
    browser = wire.http.get("/", headers={"Accept": "text/html"}, follow_redirects=False)
    assert browser.headers["location"] == "/console/"
    assert wire.http.get("/", headers={"Accept": "*/*"}).json()["Code"] == "MissingParameter"


def test_static_files_and_nothing_else(wire):
    assert wire.http.get("/console/static/play.js").headers["content-type"].startswith("text/javascript")
    assert wire.http.get("/console/static/..%2fconsole.py").status_code in (403, 404)
    assert wire.http.get("/console/static/nothing.js").status_code == 404


def test_the_bill_of_a_month_stands_on_its_page(wire, visitor):
    _call(visitor)
    page = visitor.get("/console/bill").text
    assert '<th scope="row">SegmentBody' in page
    assert "Nothing is billed" in visitor.get("/console/bill", params={"month": "2020-01"}).text
    assert visitor.get("/console/bill", params={"month": "x", "account": "default"}).status_code == 200
