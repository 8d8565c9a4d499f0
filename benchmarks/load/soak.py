"""Mixed actions for a while, and what the server holds: `python -m benchmarks.load.soak --minutes 30`.

Synchronous calls, jobs, wrong calls and broken pictures, with real vision. Memory, files, threads and sockets may not grow from
the second third of the time to the last. `--short` takes half a minute and allows memory, which has not settled by then, more.
"""

import argparse
import random
import statistics
import threading
import time
from collections import Counter

from benchmarks.load.report import Figure, report
from benchmarks.load.service import VERSION, photo_host, service, small_photo
from koutu.client.endpoint import Endpoint
from koutu.contract import ACTIONS
from koutu.errors import KoutuError

_CLIENTS = 3
_WARM_CALLS = 1
# Files, threads and sockets that a moment may hold more than another.
_GROWTH = 6
_SHORT_MINUTES = 0.5
_SHORT_GROWTH = 0.5


def calls(photos: str) -> list[tuple[str, dict[str, str]]]:
    """One call of every action with one image, some jobs, and some that are wrong."""
    single = [action for action in ACTIONS.values() if len(action.images) == 1]
    some: list[tuple[str, dict[str, str]]] = [
        (action.name, {action.images[0].name: f"{photos}/{photo}"})
        for action in single
        for photo in ("cat.jpg", "person.jpg", "broken.jpg")
    ]
    return [
        *some,
        ("SegmentBody", {}),
        ("NoSuchAction", {}),
        ("SegmentBody", {"ImageURL": f"{photos}/person.jpg", "Async": "true"}),
    ]


def ask(endpoint: Endpoint, mixed: list[tuple[str, dict[str, str]]], until: float, codes: Counter[str]) -> None:
    """Call at random until the time is up."""
    jobs: list[str] = []
    while time.monotonic() < until:
        action, params = random.choice(mixed)
        try:
            answer = endpoint.call(action, VERSION, params)
            codes["OK"] += 1
            if "Message" in answer:
                jobs.append(answer["RequestId"])
            if jobs and random.random() < 0.5:
                endpoint.call("GetAsyncJobResult", VERSION, {"JobId": random.choice(jobs[-5:])})
        except KoutuError as error:
            codes[error.code] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--growth", type=float, default=0.05, help="bar of the memory's growth, as a part of it")
    parser.add_argument("--short", action="store_true", help="half a minute, a loose bar for memory")
    options = parser.parse_args()
    minutes, growth = (_SHORT_MINUTES, _SHORT_GROWTH) if options.short else (options.minutes, options.growth)
    files = {
        "cat.jpg": small_photo(),
        "person.jpg": small_photo("skimage_astronaut.png"),
        "broken.jpg": small_photo()[:900],
    }
    codes: Counter[str] = Counter()
    with photo_host(files) as photos, service(KOUTU_SWEEP_S="5") as server:
        server.wait_warm()
        mixed = calls(photos)
        endpoint = server.endpoint()
        for action, params in mixed * _WARM_CALLS:
            try:
                endpoint.call(action, VERSION, params)
            except KoutuError:
                continue
        until = time.monotonic() + minutes * 60
        threads = [
            threading.Thread(target=ask, args=(server.endpoint(account=f"client{n}"), mixed, until, codes))
            for n in range(_CLIENTS)
        ]
        for thread in threads:
            thread.start()
        samples = []
        shown = time.monotonic()
        while time.monotonic() < until:
            time.sleep(min(2, max(0.01, until - time.monotonic())))
            samples.append(server.usage())
            if time.monotonic() - shown > 60:
                shown = time.monotonic()
                print(f"  {codes.total()} calls, {samples[-1]}", flush=True)
        for thread in threads:
            thread.join()
        status = server.stop()
    third = max(1, len(samples) // 3)
    faults = sorted(code for code in codes if code.startswith("InternalError"))
    figures = [
        Figure("answers", ", ".join(f"{count} {code}" for code, count in codes.most_common())),
        Figure("internal errors", ", ".join(faults) or "none", "none", not faults),
        Figure("status of the server", f"{status}", "0", status == 0),
    ]
    for name in samples[0]:
        middle = statistics.median(sample[name] for sample in samples[third : 2 * third])
        last = statistics.median(sample[name] for sample in samples[2 * third :])
        allowed = middle * (1 + growth) if name == "memory" else middle + _GROWTH
        unit = " MB" if name == "memory" else ""
        figures.append(Figure(f"{name}, middle and last third", f"{middle:g}{unit}, {last:g}{unit}", "flat", last <= allowed))
    report(f"{codes.total()} calls of mixed actions in {minutes:g} minutes", figures)


if __name__ == "__main__":
    main()
