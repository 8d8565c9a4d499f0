"""The admin routes of prices, packages, payments, usage and invoices."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from koutu.server.accounts.backoffice import Backoffice, open_backoffice
from koutu.server.accounts.entry import Entry
from koutu.server.admin import create_admin
from koutu.settings import Settings

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Backoffice]:
    with open_backoffice(Settings(data=tmp_path, admin_token="let-me-in"), lambda: NOW) as office:
        office.accounts.create("anna")
        yield office


@pytest.fixture
def http(office: Backoffice) -> TestClient:
    admin = create_admin()
    admin.state.backoffice = office
    return TestClient(admin, headers={"Authorization": "Bearer let-me-in"})


def test_a_sale_from_price_book_to_invoice(http: TestClient, office: Backoffice) -> None:
    assert http.post("/price-books", json={}).json()["in_force"] is True
    payment = http.post("/payments", json={"account": "anna", "amount": "100.50", "reference": "T1"})
    assert (payment.status_code, payment.json()["amount"]) == (201, "100.5")
    order = {"account": "anna", "action": "SegmentHead", "points": "50000"}
    package = http.post("/packages", json=order).json()
    assert (package["price"], package["state"], package["left"]) == ("95", "good", "50000")
    office.ledger.record(Entry("R1", office.accounts.get("anna").id, "key", "SegmentHead", NOW, 1.0, 9))
    assert http.get(f"/packages/{package['id']}").json()["left"] == "49997"
    assert http.post(f"/packages/{package['id']}/void", json={"refund": "0"}).json()["state"] == "voided"
    assert http.post("/payments/1/refund", json={"amount": "0.5"}).json()["returned"] == "0.5"
    assert http.put("/accounts/anna/credit", json={"credit": "7"}).json()["credit"] == "7"
    assert http.get("/accounts/anna/balance").json()["balance"] == "5"
    invoice = http.get("/invoices/anna/2026-03").json()
    assert (invoice["total"], invoice["paid"], invoice["closing"], invoice["calls"][0]["points"]) == ("95", "100", "5", "3")
    assert http.get("/usage", params={"month": "2026-03"}).json()[0]["calls"] == 1
    table = http.get("/usage", params={"format": "csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.splitlines()[1].startswith("anna,2026-03,SegmentHead,1,0,0,1,0,3,0,9")
    assert (
        http.get("/invoices/anna/2026-03", params={"format": "csv"}).text.splitlines()[-1] == "anna,2026-03,CNY,total,,1,3,,95,"
    )


def test_price_books_by_number(http: TestClient) -> None:
    text = http.get("/price-books/documented").text
    later = http.post("/price-books", json={"toml": text, "starts_at": "2027-01-01T00:00:00+08:00"}).json()
    assert later["in_force"] is False
    assert http.get(f"/price-books/{later['id']}").text == text
    assert http.delete(f"/price-books/{later['id']}").json()["withdrawn_at"] is not None
    assert [book["id"] for book in http.get("/price-books").json()] == [later["id"]]


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("POST", "/price-books", {"toml": "name = 3"}),
        ("POST", "/price-books", {"starts_at": "2027-01-01T00:00:00"}),
        ("POST", "/packages", {"account": "nobody", "action": "SegmentHead", "points": "10000"}),
        ("POST", "/packages", {"account": "anna", "action": "SegmentHead", "points": "many"}),
        ("POST", "/payments", {"account": "anna", "amount": "NaN"}),
        ("POST", "/payments", {"account": "anna", "amount": "1", "amuont": "1"}),
        ("POST", "/payments/9/void", {}),
        ("GET", "/invoices/anna/March", None),
        ("GET", "/usage?format=xml", None),
    ],
)
def test_a_fault_is_named(http: TestClient, method: str, path: str, document: dict[str, str] | None) -> None:
    answer = http.request(method, path, json=document)
    assert answer.status_code == 400
    assert answer.json()["Code"] == "InvalidParameter"
    assert answer.json()["Message"]


def test_the_routes_are_described_and_need_the_token(http: TestClient) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    mine = {"/price-books", "/packages", "/payments", "/usage", "/invoices/{account}/{month}", "/accounts/{name}/balance"}
    assert mine <= paths.keys()
    for path in mine:
        assert paths[path]["get"]["description"]
    http.headers.pop("Authorization")
    assert [http.get(path).status_code for path in ("/packages", "/payments", "/usage", "/price-books/documented")] == [401] * 4
