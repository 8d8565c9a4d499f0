"""A reseller's month: three customers, packages, tiers, an expiry, arrears, and the invoices that come of it.

Starts a server of its own on a clock that this script moves, and plays March 2026 through the real API over HTTP: signed calls
of the customers, and the operator's admin API. What it prints is worked out by hand in docs/billing.md.

    python examples/reseller_month.py
"""

import base64
import hashlib
import hmac
import json
import logging
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import structlog
import uvicorn

from koutu.server.app import create_app
from koutu.settings import Settings

PRICE_BOOK = """
name = "reseller"
currency = "EUR"
time_zone = "Asia/Shanghai"

[pay_as_you_go]
SegmentHead = [{ up_to = 4, price = "0.50" }, { up_to = 8, price = "0.40" }, { price = "0.25" }]
SegmentHDBody = [{ price = "0.30" }]

[packages]
valid_days = 20
offers = [{ points = 20, price = "4", first_price = "0.01" }, { points = 50, list_price = "10", price = "9" }]

[packages.points_per_call]
SegmentHead = "3"
SegmentHDBody = "2.5"

[prepaid_qps]
SegmentHead = [{ up_to = 10, per_day = "1.50", per_month = "15" }]
"""
ADMIN_TOKEN = "reseller-" + uuid.uuid4().hex
SHANGHAI = ZoneInfo("Asia/Shanghai")


class MovedClock:
    """Shows the moment that it was last set to."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        return self._now.astimezone(UTC)

    def set(self, month: int, day: int, hour: int = 12) -> None:
        self._now = datetime(2026, month, day, hour, tzinfo=SHANGHAI)


class Shop:
    """The operator's and the customers' side of one server."""

    def __init__(self, endpoint: str, clock: MovedClock) -> None:
        self.endpoint = endpoint
        self.clock = clock
        self.keys: dict[str, dict[str, str]] = {}

    def admin(self, method: str, path: str, **document: Any) -> Any:
        """One request to the admin API; gives its decoded JSON."""
        body = json.dumps(document).encode() if method != "GET" else None
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.endpoint}/admin{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def call(self, account: str, action: str, times: int = 1, photo: str = "skimage_astronaut.png") -> list[str]:
        """Signed calls (RPC 1.0); gives "ok" or the error code of each."""
        return [self._call(self.keys[account], action, photo) for _ in range(times)]

    def _call(self, key: dict[str, str], action: str, photo: str) -> str:
        parameters = {
            "Action": action,
            "Version": "2019-12-30",
            "Format": "JSON",
            "ImageURL": f"{self.endpoint}/samples/{photo}",
            "AccessKeyId": key["access_key_id"],
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        canonical = "&".join(f"{quote(name, safe='~')}={quote(parameters[name], safe='~')}" for name in sorted(parameters))
        text = f"POST&%2F&{quote(canonical, safe='~')}"
        digest = hmac.new(f"{key['access_key_secret']}&".encode(), text.encode(), hashlib.sha1).digest()
        body = urlencode({**parameters, "Signature": base64.b64encode(digest).decode()}).encode()
        try:
            with urllib.request.urlopen(f"{self.endpoint}/", body, timeout=120) as response:
                json.load(response)
                return "ok"
        except HTTPError as error:
            with error:
                return str(json.load(error)["Code"])


def play(shop: Shop) -> None:
    """March 2026, and the first call of April."""
    clock, call = shop.clock, shop.call
    clock.set(3, 1)
    shop.admin("POST", "/price-books", toml=PRICE_BOOK)
    for account in ("atelier", "bureau", "corner"):
        shop.keys[account] = shop.admin("POST", "/keys", account=account)
    shop.admin("POST", "/payments", account="atelier", amount="10", reference="T-1")
    shop.admin("POST", "/payments", account="bureau", amount="12", reference="T-2")
    assert call("atelier", "SegmentHead", 3) == ["ok"] * 3
    assert call("atelier", "SegmentBody", 2) == ["ok"] * 2
    shop.admin("POST", "/packages", account="bureau", action="SegmentHead", points="20")

    clock.set(3, 5)
    shop.admin("POST", "/packages", account="bureau", action="SegmentHead", points="50")
    # 24 points: the package that expires first gives its 20, the other one 4.
    assert call("bureau", "SegmentHead", 8) == ["ok"] * 8

    clock.set(3, 10)
    assert call("corner", "SegmentHDBody", 4) == ["ok"] * 4
    clock.set(3, 11, 11)
    assert not shop.admin("GET", "/accounts/corner/balance")["frozen"]
    clock.set(3, 11)
    # A day in arrears: billed actions are closed, free ones are not, and paying opens them.
    assert call("corner", "SegmentHDBody") == ["InvalidApi.NotPurchase"]
    assert call("corner", "SegmentBody") == ["ok"]
    shop.admin("POST", "/payments", account="corner", amount="1.20", reference="T-3")
    assert call("corner", "SegmentHDBody") == ["ok"]
    clock.set(3, 12)
    top_up = shop.admin("POST", "/payments", account="corner", amount="10", reference="T-4")

    clock.set(3, 15)
    assert call("atelier", "SegmentHead", 7) == ["ok"] * 7
    # What fails is never billed.
    assert call("atelier", "SegmentHead", 1, "missing.png") != ["ok"]
    clock.set(3, 16)
    shop.admin("POST", "/plans", account="atelier", action="SegmentHead", qps=1, count=3, period="day")
    assert call("atelier", "SegmentHead", 3) == ["ok"] * 3

    clock.set(3, 20)
    package = shop.admin("POST", "/packages", account="corner", action="SegmentHDBody", points="50")
    assert call("corner", "SegmentHDBody", 4) == ["ok"] * 4
    shop.admin("POST", f"/packages/{package['id']}/void", note="changed their mind")
    shop.admin("POST", f"/payments/{top_up['id']}/refund", amount="1")

    clock.set(3, 26)
    # Both packages have expired, 46 points with them.
    assert call("bureau", "SegmentHead", 2) == ["ok"] * 2
    clock.set(4, 1, 0)
    assert call("atelier", "SegmentHead") == ["ok"]


def invoices(shop: Shop) -> list[dict[str, Any]]:
    """The invoices of March, and the one of April."""
    asked = (("atelier", "2026-03"), ("bureau", "2026-03"), ("corner", "2026-03"), ("atelier", "2026-04"))
    return [shop.admin("GET", f"/invoices/{account}/{month}") for account, month in asked]


def rows(invoice: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """An invoice as the rows of a table: its lines, then its sums."""
    for line in invoice["calls"] + invoice["purchases"]:
        yield line["kind"], line["item"], str(line["calls"]), line["points"], line["unit_price"], line["amount"]
    for name in ("total", "opening", "paid", "closing"):
        yield name, "", "", "", "", invoice[name]


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    """A server on a free port, on a clock of its own."""
    clock = MovedClock()
    settings = Settings(data=folder, admin_token=ADMIN_TOKEN, fetch_allow_hosts=("127.0.0.1",))
    server = uvicorn.Server(uvicorn.Config(create_app(settings, clock), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Shop(f"http://127.0.0.1:{port}", clock)
    finally:
        server.should_exit = True
        thread.join()


def main() -> None:
    """Play the month and print the invoices."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as shop:
        play(shop)
        for invoice in invoices(shop):
            print(f"\n### {invoice['account']}, {invoice['month']} ({invoice['currency']})\n")
            print("| kind | item | calls | points | unit price | amount |\n| --- | --- | ---: | ---: | ---: | ---: |")
            for row in rows(invoice):
                print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
