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

from benchmarks.load.service import PLAIN_VISION, VERSION, Service, photo_host, service, small_photo, verdict
from koutu.client.endpoint import Endpoint
from koutu.errors import KoutuError

_PATIENCE_S = 300
_OPEN = ("QUEUING", "PROCESSING")


def submit(endpoint: Endpoint, url: str) -> tuple[str, int]:
    """Submit a job until it is acknowledged; its id, and how many answers before that never came."""
    broken = 0
    while True:
        try:
            answer = endpoint.call("SegmentHDCommonImage", VERSION, {"ImageUrl": url})
            return str(answer["RequestId"]), broken
        except KoutuError as error:
            broken += "Try again" not in error.message
            time.sleep(0.2)


def end(endpoint: Endpoint, job_id: str) -> tuple[str, str]:
    """Wait for a job; how it ended, and its link."""
    while True:
        try:
            data = endpoint.call("GetAsyncJobResult", VERSION, {"JobId": job_id})["Data"]
        except KoutuError as error:
            if error.status < 500:
                return f"{error.code}: {error.message}", ""
            time.sleep(0.2)
            continue
        if data["Status"] not in _OPEN:
            return data["Status"], json.loads(data["Result"])["ImageUrl"] if "Result" in data else ""
        time.sleep(0.2)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    photo = small_photo(side=64)
    ended: Counter[str] = Counter()
    links: list[str] = []
    settings = {"KOUTU_JOB_WORKERS": "8", "KOUTU_JOB_QUEUE": "500", "KOUTU_JOB_RETRIES": str(options.kills + 5)}
    with photo_host({"photo.jpg": photo}) as photos, service(program=PLAIN_VISION, **settings) as server:
        endpoint = server.endpoint(timeout=20)
        killer = Killer(server, options.jobs, options.kills, ended)
        killer.start()
        started = time.perf_counter()
        acknowledged: list[str] = []
        bad_links: list[str] = []
        unanswered: list[int] = []

        def one(number: int) -> None:
            job_id, broken = submit(endpoint, f"{photos}/photo.jpg")
            unanswered.append(broken)
            acknowledged.append(job_id)
            state, link = end(endpoint, job_id)
            links.append(link)
            if state == "PROCESS_SUCCESS" and (wrong := check(link)):
                bad_links.append(f"{job_id}: {wrong}")
            ended[state] += 1

        with ThreadPoolExecutor(32) as pool:
            for done, _ in enumerate(pool.map(one, range(options.jobs)), 1):
                if done % 500 == 0:
                    print(f"  {done} jobs, {killer.kills} kills, {time.perf_counter() - started:.0f} s", flush=True)
        killer.join()
        seconds = time.perf_counter() - started
        status = server.stop()
        with sqlite3.connect(server.data / "koutu.db") as database:
            charged = Counter(row[0] for row in database.execute("SELECT request_id FROM ledger"))
        database.close()
    succeeded = ended["PROCESS_SUCCESS"]
    print(f"{options.jobs} jobs, {killer.kills} kills, {seconds:.0f} s ({options.jobs / seconds:.1f} a second)")
    print(f"ends: {dict(ended)}; charged {len(charged)}, charged twice {sum(count > 1 for count in charged.values())}")
    print(f"links that do not work: {len(bad_links)}")
    failures = []
    if succeeded != options.jobs:
        failures.append(f"{options.jobs - succeeded} acknowledged jobs did not succeed")
    # A job that was written down and whose answer the kill cut off is done all the same; its caller sends another.
    extra = set(charged) - set(acknowledged)
    print(f"submissions whose answer never came {sum(unanswered)}, of which done all the same {len(extra)}")
    if set(acknowledged) - set(charged) or len(extra) > sum(unanswered) or any(count > 1 for count in charged.values()):
        failures.append(f"charged {len(charged)} of {len(set(acknowledged))} acknowledged jobs")
    if bad_links:
        failures.append(f"links of {bad_links[:5]} do not work")
    if status != 0:
        failures.append(f"the last server ended with status {status}")
    verdict(failures)


if __name__ == "__main__":
    main()
