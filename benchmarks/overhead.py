"""What the server adds to a call on SQLite, from proof to charging: `python -m benchmarks.overhead [CALLS]`."""

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import anyio.to_thread

from koutu.server.accounts.backoffice import open_backoffice
from koutu.server.accounts.credentials import Credential
from koutu.server.accounts.keys import NewKey
from koutu.server.accounts.limits import MOST_QPS
from koutu.server.accounts.quota import Quota
from koutu.server.accounts.windows import open_windows
from koutu.server.gate import Gate
from koutu.server.metering import Metering
from koutu.server.rpc import rpc_v1
from koutu.server.rpc.admission import Admission
from koutu.server.rpc.nonces import MemoryNonces
from koutu.server.rpc.request import RpcRequest
from koutu.settings import Settings

CALLS = 1000
ALLOWED_MS = 3.0
STORES: tuple[Literal["memory", "database"], ...] = ("memory", "database")


def signed(key: NewKey) -> RpcRequest:
    """A call as a client would sign it."""
    query = {
        "Action": "SegmentBody",
        "Version": "2019-12-30",
        "ImageURL": "https://example.com/" + "x" * 200,
        "AccessKeyId": key.access_key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    signature = rpc_v1.sign(key.access_key_secret, rpc_v1.string_to_sign(_request(query)))
    return _request({**query, "Signature": signature})


def _request(query: Mapping[str, str]) -> RpcRequest:
    return RpcRequest(str(uuid.uuid4()).upper(), "POST", "127.0.0.1", "http://127.0.0.1", {}, query, {}, b"")


async def measure(calls: int, settings: Settings) -> tuple[list[float], list[float]]:
    """Milliseconds of admission and of metering, for each call."""
    with open_backoffice(settings) as office, closing(open_windows(settings, office.database)) as windows:
        metering = Metering(office.ledger)

        async def find(access_key_id: str) -> Credential | None:
            return await anyio.to_thread.run_sync(office.credentials.find, access_key_id)

        gate = Gate(office, Quota(settings.quotas, windows))
        admission = Admission(find, MemoryNonces(), gate.permit, office.credentials.token_holds)
        office.limits.set(MOST_QPS)
        key = office.keys.create()
        admitting, recording = [], []
        for _ in range(calls):
            request = signed(key)
            started = time.perf_counter()
            caller = await admission.admit(request)
            admitted = time.perf_counter()
            await metering.record(
                request.request_id,
                account_id=caller.account_id,
                access_key_id=caller.access_key_id,
                action="SegmentBody",
                seconds=0.5,
                pixels=1,
            )
            admitting.append((admitted - started) * 1000)
            recording.append((time.perf_counter() - admitted) * 1000)
    return admitting, recording


def main() -> None:
    """Print a table for each way of counting; the exit status says whether the median is within what is allowed."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    slow = False
    for store in STORES:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data=Path(folder), database_url="", quotas="custom", quota_store=store)
            admitting, recording = asyncio.run(measure(calls, settings))
        together = [sum(pair) for pair in zip(admitting, recording, strict=True)]
        print(f"{'quota in ' + store:20}{'median ms':>10}{'95 % ms':>10}")
        for name, times in (("admission and quota", admitting), ("metering", recording), ("together", together)):
            print(f"{name:20}{statistics.median(times):10.2f}{statistics.quantiles(times, n=20)[-1]:10.2f}")
        slow = slow or statistics.median(together) > ALLOWED_MS
    sys.exit(slow)


if __name__ == "__main__":
    main()
