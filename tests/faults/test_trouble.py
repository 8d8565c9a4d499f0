"""Troubles of what the server stands on: a locked database, a full and a slow store, a stop in the middle."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from koutu.errors import ImageDownload, ServiceUnavailable

pytestmark = pytest.mark.long


def test_a_database_that_is_locked_for_a_while_costs_nothing(mortal: Any, check_whole: Callable[[str], bool]) -> None:
    before = len(mortal.charged())
    with closing(sqlite3.connect(mortal.server.data / "koutu.db", isolation_level=None, check_same_thread=False)) as database:
        database.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor() as pool:
            call, job = pool.submit(mortal.segment), pool.submit(mortal.submit)
            time.sleep(1)
            assert not call.done(), "the ledger's line has to be written first"
            database.execute("ROLLBACK")
    assert check_whole(call.result())
    assert mortal.end(job.result())[0] == "PROCESS_SUCCESS"
    assert len(mortal.charged()) == before + 2


def test_a_locked_database_of_jobs_holds_nothing_back_that_is_done(mortal: Any, check_whole: Callable[[str], bool]) -> None:
    slow = mortal.trouble("slow")
    job_id = mortal.submit()
    mortal.wait(lambda: mortal.state(job_id) == "PROCESSING")
    with closing(sqlite3.connect(mortal.server.data / "jobs.db", isolation_level=None, check_same_thread=False)) as database:
        database.execute("BEGIN IMMEDIATE")
        slow.unlink()
        mortal.wait(lambda: job_id in mortal.charged())
        state, link = mortal.end(job_id)
        assert (state, check_whole(link)) == ("PROCESS_SUCCESS", True)
        with ThreadPoolExecutor() as pool:
            later = pool.submit(mortal.submit)
            time.sleep(1)
            assert not later.done(), "a job is acknowledged once it is written down"
            database.execute("ROLLBACK")
    assert mortal.end(later.result())[0] == "PROCESS_SUCCESS"
    mortal.wait_until_idle()
    assert mortal.charged()[-2:] == [job_id, later.result()]


def test_a_source_that_trickles_ends_and_holds_nobody_up(mortal: Any, check_whole: Callable[[str], bool]) -> None:
    class Trickle(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b"x")
                    time.sleep(0.1)

        def log_message(self, *args: object) -> None:
            pass

    before = mortal.charged()
    source = ThreadingHTTPServer(("127.0.0.1", 0), Trickle)
    threading.Thread(target=source.serve_forever, args=(0.05,), daemon=True).start()
    try:
        url = f"http://127.0.0.1:{source.server_port}/photo.jpg"
        job_id = mortal.submit(url)
        with ThreadPoolExecutor() as pool:
            call = pool.submit(mortal.endpoint.call, "SegmentCommonImage", "2019-12-30", {"ImageURL": url})
            assert check_whole(mortal.segment())
            with pytest.raises(ImageDownload):
                call.result()
        state, why = mortal.end(job_id)
    finally:
        source.shutdown()
        source.server_close()
    assert state == "PROCESS_FAILED"
    assert "download" in why
    assert len(mortal.charged()) == len(before) + 1
    assert "koutu_calls_held 0.0" in mortal.metrics()


def test_a_full_store_refuses_calls_and_keeps_jobs(mortal: Any, check_whole: Callable[[str], bool]) -> None:
    before = mortal.charged()
    full = mortal.trouble("full")
    with pytest.raises(ServiceUnavailable, match=r"store cannot be written to\. Try again"):
        mortal.segment()
    job_id = mortal.submit()
    mortal.wait(lambda: "job step failed" in mortal.log())
    full.unlink()
    state, link = mortal.end(job_id)
    assert (state, check_whole(link)) == ("PROCESS_SUCCESS", True)
    assert mortal.charged() == [*before, job_id]


def test_a_store_that_stays_full_ends_a_job_and_not_the_server(mortal: Any) -> None:
    full = mortal.trouble("full")
    job_id = mortal.submit()
    state, why = mortal.end(job_id)
    full.unlink()
    assert state == "LIMIT_RETRY_FAILED"
    assert "store cannot be written to" in why
    assert job_id not in mortal.charged()
    assert mortal.segment()


def submit_for_ever(mortal: Any) -> None:
    while True:
        mortal.submit()


def test_a_stop_waits_for_a_call_that_is_under_way(mortal: Any, check_whole: Callable[[str], bool]) -> None:
    slow = mortal.trouble("slow")
    links: list[str] = []
    call = threading.Thread(target=lambda: links.append(mortal.segment()))
    call.start()
    while "koutu_calls_busy 0.0" not in (text := mortal.metrics()) or "koutu_calls_held 1.0" not in text:
        time.sleep(0.05)
    mortal.server.process.terminate()
    with pytest.raises(ServiceUnavailable):
        submit_for_ever(mortal)
    slow.unlink()
    call.join()
    assert len(links) == 1
    assert mortal.server.stop() == 0
    mortal.server.start()
    assert check_whole(links[0])
