"""Calls at several times the server's capacity: `python -m benchmarks.load.overload --minutes 5 --times 5`.

Capacity is measured first. Then calls come at a fixed rate, whether the server keeps up or not, from one greedy account and a
modest one. Accepted calls have to be answered within their deadline, refusals at once, memory stays flat, and soon after the
flood a call is answered as before it. `--short` floods for some seconds and asks for no speed, so that it tells the truth on a
machine that has other things to do.
"""

import argparse
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.load.report import Figure, report
from benchmarks.load.service import VERSION, Service, percentile, photo_host, service, small_photo
from koutu.client.endpoint import Endpoint
from koutu.errors import KoutuError, ServiceUnavailable, Throttling, Timeout

_DEADLINE_S = 10.0
_QUEUE = 30
# Few calls may wait and each for long, so that none is late however slow the machine is.
_SHORT_DEADLINE_S = 60.0
_SHORT_QUEUE = 6
_SHORT_MINUTES = 0.2
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
    parser.add_argument("--short", action="store_true", help="some seconds, no bars of speed")
    options = parser.parse_args()
    deadline, queue = (_SHORT_DEADLINE_S, _SHORT_QUEUE) if options.short else (_DEADLINE_S, _QUEUE)
    minutes = _SHORT_MINUTES if options.short else options.minutes
    settings = {"KOUTU_CALL_TIMEOUT_S": f"{deadline:g}", "KOUTU_CALL_QUEUE": f"{queue}", "KOUTU_LOG_LEVEL": "warning"}
    with photo_host({"photo.jpg": small_photo()}) as photos, service(**settings) as server:
        server.wait_warm()
        url = f"{photos}/photo.jpg"
        endpoint = server.endpoint(account="before")
        capacity(endpoint, options.action, url, 2)
        able = capacity(endpoint, options.action, url, 6)
        greedy, modest, memory = flood(server, options.action, url, able * options.times, minutes * 60)
        after = time.monotonic()
        recovered = Tally()
        while not recovered.accepted and time.monotonic() - after < deadline:
            ask(endpoint, options.action, url, recovered)
        recovery = time.monotonic() - after
        status = server.stop()
    accepted, refused, other = (getattr(greedy, name) + getattr(modest, name) for name in ("accepted", "refused", "other"))
    late = greedy.late + modest.late
    slow, quick = percentile(accepted, 0.99), percentile(refused, 0.99) * 1000
    begin, end = statistics.median(memory[: len(memory) // 3 + 1]), statistics.median(memory[-len(memory) // 3 :])
    shares = [len(tally.accepted) / max(1, len(tally.accepted) + len(tally.refused)) for tally in (greedy, modest)]
    for answer in sorted(set(other))[:5]:
        print(f"  another answer: {answer}")
    figures = [
        Figure("accepted", f"{len(accepted)}", "some", bool(accepted)),
        Figure("accepted and late", f"{late}", "0", not late),
        Figure("refused", f"{len(refused)}", "some", bool(refused)),
        Figure("other answers", f"{len(other)}", "0", not other),
        Figure("status of the server", f"{status}", "0", status == 0),
        Figure("a call after the flood", "answered" if recovered.accepted else "not", "answered", bool(recovered.accepted)),
    ]
    if not options.short:
        served = f"greedy account {shares[0]:.0%}, modest account {shares[1]:.0%}"
        refusals = f"median {percentile(refused, 0.5) * 1000:.0f} ms, p99 {quick:.0f} ms"
        figures += [
            Figure(
                "time of accepted calls",
                f"median {percentile(accepted, 0.5):.1f} s, p99 {slow:.1f} s",
                f"p99 within {deadline:g} s",
                slow <= deadline,
            ),
            Figure("time of refusals", refusals, f"p99 within {options.refused_ms:g} ms", quick <= options.refused_ms),
            Figure("calls answered", served, "the modest no worse", shares[1] >= shares[0]),
            Figure("memory, first and last third", f"{begin:g} MB, {end:g} MB", "flat", end <= begin * (1 + _MEMORY_GROWTH)),
            Figure("recovery", f"{recovery:.1f} s", f"{_RECOVERY_S:g} s", recovery <= _RECOVERY_S),
        ]
    report(
        f"{options.times:g} times the capacity of {able:.1f} calls a second of {options.action} for {minutes * 60:g} seconds",
        figures,
    )


if __name__ == "__main__":
    main()
