"""Asynchronous jobs while the server is killed at random: `python -m benchmarks.load.chaos --jobs 10000 --kills 20`.

Every acknowledged job must end, be charged exactly once and have a link that works. A plain shape stands in for vision: what is
on trial is what keeps jobs, and that many of them would otherwise take hours.
"""

import argparse
import http.client
import json
import random
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import urllib3

from benchmarks.load.report import Figure, report
from benchmarks.load.service import PLAIN_VISION, VERSION, Service, percentile, photo_host, service, small_photo
from koutu.client.endpoint import Endpoint
from koutu.errors import KoutuError

_PATIENCE_S = 300
_CLIENTS = 32
_ANSWER_S = 60
# Between two questions after a job, so that asking takes less of the machine than the jobs do.
_ASK_AGAIN_S = 1.0
_OPEN = ("QUEUING", "PROCESSING")


def submit(endpoint: Endpoint, url: str) -> tuple[str, int]:
    """Submit a job until it is acknowledged; its id, and how many answers before that never came."""
    broken = 0
    while True:
        try:
            answer = endpoint.call("SegmentHDCommonImage", VERSION, {"ImageUrl": url})
            return str(answer["RequestId"]), broken
        except KoutuError as error:
            broken += "Try again" not in error.message and not _unreached(error)
            time.sleep(0.5)


def _unreached(error: KoutuError) -> bool:
    """Whether a call failed before it left."""
    reason = getattr(error.__cause__, "reason", error.__cause__)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def end(endpoint: Endpoint, job_id: str) -> tuple[str, str]:
    """Wait for a job; how it ended, and its link."""
    while True:
        try:
            data = endpoint.call("GetAsyncJobResult", VERSION, {"JobId": job_id})["Data"]
        except KoutuError as error:
            if error.status < 500:
                return f"{error.code}: {error.message}", ""
            time.sleep(0.5)
            continue
        if data["Status"] not in _OPEN:
            return data["Status"], json.loads(data["Result"])["ImageUrl"] if "Result" in data else ""
        time.sleep(_ASK_AGAIN_S)


def check(link: str) -> str:
    """What is wrong with a link to a PNG file, empty where nothing is; a server that is down is waited for."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(link, timeout=30) as answer:
                data = answer.read()
            whole = data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82")
            return "" if whole else f"{len(data)} bytes that are no whole PNG"
        except urllib.error.HTTPError as error:
            return f"status {error.code}"
        except (OSError, http.client.HTTPException):
            time.sleep(0.5)
    return "the server did not come back"


class Killer(threading.Thread):
    """Kills the server when so and so many jobs have ended, and starts it again."""

    def __init__(self, server: Service, jobs: int, kills: int, ended: Counter[str]) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._marks = sorted(random.sample(range(1, jobs), kills))
        self._ended = ended
        self.kills = 0

    def run(self) -> None:
        """Kill at every mark."""
        for mark in self._marks:
            while self._ended.total() < mark:
                time.sleep(0.01)
            time.sleep(random.random() * 0.2)
            self._server.kill()
            self._server.start()
            self.kills += 1


def charges(server: Service) -> Counter[str]:
    """How often each request id was charged."""
    with closing(sqlite3.connect(server.data / "koutu.db")) as database:
        return Counter(row[0] for row in database.execute("SELECT request_id FROM ledger"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    ended: Counter[str] = Counter()
    acknowledged: list[str] = []
    unanswered: list[int] = []
    bad_links: list[str] = []
    waits: list[float] = []
    # A job that a kill interrupts is started again, and any job may be there at every kill.
    settings = {"KOUTU_JOB_WORKERS": "8", "KOUTU_JOB_QUEUE": "500", "KOUTU_JOB_RETRIES": str(options.kills + 5)}
    with photo_host({"photo.jpg": small_photo(side=64)}) as photos, service(program=PLAIN_VISION, **settings) as server:
        endpoint = server.endpoint(timeout=_ANSWER_S)
        killer = Killer(server, options.jobs, options.kills, ended)
        killer.start()
        started = time.perf_counter()

        def one(number: int) -> None:
            job_id, broken = submit(endpoint, f"{photos}/photo.jpg")
            taken = time.perf_counter()
            unanswered.append(broken)
            acknowledged.append(job_id)
            state, link = end(endpoint, job_id)
            waits.append(time.perf_counter() - taken)
            if state == "PROCESS_SUCCESS" and (wrong := check(link)):
                bad_links.append(f"{job_id}: {wrong}")
            ended[state] += 1

        with ThreadPoolExecutor(_CLIENTS) as pool:
            for done, _ in enumerate(pool.map(one, range(options.jobs)), 1):
                if done % 500 == 0:
                    print(f"  {done} jobs, {killer.kills} kills, {time.perf_counter() - started:.0f} s", flush=True)
        killer.join()
        seconds = time.perf_counter() - started
        status = server.stop()
        charged = charges(server)
    twice = [job_id for job_id, count in charged.items() if count > 1]
    missed = set(acknowledged) - set(charged)
    # A job that was written down and whose answer the kill cut off is done all the same; its caller sends another.
    extra = set(charged) - set(acknowledged)
    ends = ", ".join(f"{count} {state}" for state, count in ended.most_common())
    for fault in bad_links[:5]:
        print(f"  a link does not work: {fault}")
    report(
        f"{options.jobs} jobs, the server killed {killer.kills} times",
        [
            Figure("ends of acknowledged jobs", ends, "all succeed", ended["PROCESS_SUCCESS"] == options.jobs),
            Figure("charged", f"{len(charged) - len(extra)} of {len(acknowledged)}", "all", not missed),
            Figure("charged twice", f"{len(twice)}", "0", not twice),
            Figure("links that do not work", f"{len(bad_links)}", "0", not bad_links),
            Figure("submissions that a kill left unanswered", f"{sum(unanswered)}"),
            Figure("done and charged of those", f"{len(extra)}", "no more than those", len(extra) <= sum(unanswered)),
            Figure("status of the last server", f"{status}", "0", status == 0),
            Figure("time", f"{seconds:.0f} s, {options.jobs / seconds:.1f} jobs a second"),
            Figure("from acknowledged to ended", f"median {percentile(waits, 0.5):.1f} s, p99 {percentile(waits, 0.99):.1f} s"),
        ],
    )


if __name__ == "__main__":
    main()
