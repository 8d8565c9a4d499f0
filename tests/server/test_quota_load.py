"""20 official clients at 10 times the quota: exactly the quota gets through each second, the rest is told to wait."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from in_process import in_process

from koutu.server.accounts.backoffice import open_backoffice

pytestmark = pytest.mark.filterwarnings("ignore")

_CLIENTS, _SECONDS, _QUOTA, _PAID = 20, 4, 2, 5


class _Clock:
    """Stands still within a second of the test's own."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=250_000)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture(params=["memory", "database"])
def address(request: pytest.FixtureRequest, running: None, engine: Any, settings: Any, clock: _Clock) -> Iterator[str]:
    changes = {"quotas": "documented", "quota_store": request.param, "call_queue": 100}
    with in_process(settings.model_copy(update=changes), clock) as address:
        yield address


def _client(address: str, key: Any) -> Any:
    from alibabacloud_imageseg20191230.client import Client
    from alibabacloud_tea_openapi.models import Config

    ids = {"access_key_id": key.access_key_id, "access_key_secret": key.access_key_secret}
    return Client(Config(**ids, endpoint=address, protocol="http", read_timeout=60_000, connect_timeout=60_000))


def test_exactly_the_quota_each_second(address: str, settings: Any, clock: _Clock, photo_server: Any) -> None:
    from alibabacloud_imageseg20191230.models import SegmentBodyRequest

    with open_backoffice(settings, clock) as office:
        keys = [office.keys.create(account="shop") for _ in range(_CLIENTS)]
        clients = [_client(address, key) for key in keys]
        together = threading.Barrier(_CLIENTS)

        def call(client: Any) -> tuple[str, Any]:
            together.wait(60)
            try:
                return client.segment_body(SegmentBodyRequest(image_url=photo_server.at())).body.request_id, None
            except Exception as error:
                return "", error

        def second() -> list[Any]:
            with ThreadPoolExecutor(_CLIENTS) as pool:
                answers = list(pool.map(call, clients))
            clock.now += timedelta(seconds=1)
            succeeded.extend(request_id for request_id, _ in answers if request_id)
            return [error for _, error in answers if error is not None]

        succeeded: list[str] = []
        for _ in range(_SECONDS):
            errors = second()
            assert len(errors) == _CLIENTS - _QUOTA
            assert Counter(error.code for error in errors) == {"Throttling.User": _CLIENTS - _QUOTA}
            # A quarter of the second is over.
            assert all("750 ms" in error.data["Recommend"] for error in errors)
            assert all(error.retry_after == 750 for error in errors if hasattr(error, "retry_after"))
        office.plans.buy("shop", "SegmentBody", _PAID)
        assert len(second()) == _CLIENTS - _PAID
        assert len(succeeded) == _SECONDS * _QUOTA + _PAID
        assert sorted(entry.request_id for entry in office.ledger.entries()) == sorted(succeeded)
