"""Calls at several times the server's capacity: `python -m benchmarks.load.overload --minutes 5 --times 5`.

Capacity is measured first. Then calls come at a fixed rate, whether the server keeps up or not, from one greedy account and a
modest one. Accepted calls have to be answered within their deadline, refusals at once, memory stays flat, and soon after the
flood a call is answered as before it.
"""

import argparse
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.load.service import VERSION, Service, percentile, photo_host, service, small_photo, verdict
from koutu.client.endpoint import Endpoint
from koutu.errors import KoutuError, ServiceUnavailable, Throttling, Timeout

_DEADLINE_S = 10.0
_RECOVERY_S = 5.0
_MEMORY_GROWTH = 0.10
_MODEST_PART = 20  # one call in so many is the modest account's
_THREADS = 160


@dataclass
class Tally:
    """Seconds of what was answered and refused, and what else came."""

    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    late: int = 0


def ask(endpoint: Endpoint, action: str, url: str, tally: Tally) -> None:
    """One call."""
    started = time.perf_counter()
    try:
        endpoint.call(action, VERSION, {"ImageURL": url})
        tally.accepted.append(time.perf_counter() - started)
    except Timeout:
        tally.accepted.append(time.perf_counter() - started)
        tally.late += 1
    except (ServiceUnavailable, Throttling) as error:
        if "Try again" in error.message:
            tally.refused.append(time.perf_counter() - started)
        else:
            tally.other.append(error.message)
    except KoutuError as error:
        tally.other.append(f"{error.code}: {error.message}")


def capacity(endpoint: Endpoint, action: str, url: str, seconds: float) -> float:
    """Calls a second that four callers get who each wait for their answer."""
    tally = Tally()
    until = time.monotonic() + seconds

    def client() -> None:
        while time.monotonic() < until:
            ask(endpoint, action, url, tally)

    threads = [threading.Thread(target=client) for _ in range(4)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(tally.accepted) / (time.monotonic() - started)


def flood(server: Service, action: str, url: str, rate: float, seconds: float) -> tuple[Tally, Tally, list[int]]:
    """Calls at a fixed rate; what came to the greedy and to the modest account, and the server's memory along the way."""
    tallies = Tally(), Tally()
    endpoints = server.endpoint(account="greedy"), server.endpoint(account="modest")
    memory: list[int] = []
    started, sent = time.monotonic(), 0
    with ThreadPoolExecutor(_THREADS) as pool:
        while (now := time.monotonic() - started) < seconds:
            while sent < now * rate:
                who = int(sent % _MODEST_PART == 0)
                pool.submit(ask, endpoints[who], action, url, tallies[who])
                sent += 1
            if not memory or len(memory) < now:
                memory.append(server.usage()["memory"])
            time.sleep(0.005)
    return *tallies, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--times", type=float, default=5)
    parser.add_argument("--action", default="SegmentCommonImage")
    parser.add_argument("--refused-ms", type=float, default=50, help="bar of the refusals' 99th percentile")
    options = parser.parse_args()
    settings = {"KOUTU_CALL_TIMEOUT_S": f"{_DEADLINE_S:g}", "KOUTU_CALL_QUEUE": "30", "KOUTU_LOG_LEVEL": "warning"}
    with photo_host({"photo.jpg": small_photo()}) as photos, service(**settings) as server:
        server.wait_warm()
        url = f"{photos}/photo.jpg"
        endpoint = server.endpoint(account="before")
        capacity(endpoint, options.action, url, 2)
        able = capacity(endpoint, options.action, url, 6)
        greedy, modest, memory = flood(server, options.action, url, able * options.times, options.minutes * 60)
        after = time.monotonic()
        recovered = Tally()
        while not recovered.accepted and time.monotonic() - after < 30:
            ask(endpoint, options.action, url, recovered)
        recovery = time.monotonic() - after
        status = server.stop()
    accepted, refused, other = (getattr(greedy, name) + getattr(modest, name) for name in ("accepted", "refused", "other"))
    slow, quick = percentile(accepted, 0.99), percentile(refused, 0.99) * 1000
    begin, end = statistics.median(memory[: len(memory) // 3 + 1]), statistics.median(memory[-len(memory) // 3 :])
    print(
        f"capacity {able:.1f} calls a second of {options.action}; {options.times:g} times that for {options.minutes:g} minutes"
    )
    late = greedy.late + modest.late
    print(
        f"accepted {len(accepted)}: median {percentile(accepted, 0.5):.1f} s, p99 {slow:.1f} s of {_DEADLINE_S:g}, {late} late"
    )
    print(f"refused {len(refused)}: median {percentile(refused, 0.5) * 1000:.0f} ms, p99 {quick:.0f} ms; other {len(other)}")
    shares = [len(tally.accepted) / max(1, len(tally.accepted) + len(tally.refused)) for tally in (greedy, modest)]
    print(f"answered of the greedy account's calls {shares[0]:.0%}, of the modest account's {shares[1]:.0%}")
    print(f"memory {begin:g} MB in the first third, {end:g} MB in the last; recovered in {recovery:.1f} s")
    failures = []
    if slow > _DEADLINE_S:
        failures.append("accepted calls took longer than their deadline")
    if quick > options.refused_ms:
        failures.append(f"refusals took longer than {options.refused_ms:g} ms")
    if not refused or other:
        failures.append(f"{len(refused)} refusals, other answers {other[:3]}")
    if end > begin * (1 + _MEMORY_GROWTH):
        failures.append("memory grew")
    if recovery > _RECOVERY_S:
        failures.append("it did not recover in time")
    if shares[1] < shares[0]:
        failures.append("the modest account was served worse than the greedy one")
    if status != 0:
        failures.append(f"the server ended with status {status}")
    verdict(failures)


if __name__ == "__main__":
    main()
