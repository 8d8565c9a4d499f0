"""Whole calls over HTTP, one and many at a time: the official SDK against us, multipart posts against rembg's own server."""

import math
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from Tea.exceptions import TeaException, UnretryableException

from benchmarks.served import cut_common, served
from benchmarks.speed.figures import milliseconds, ratios, table
from benchmarks.speed.library import REMBG
from benchmarks.speed.peers import rembg_environment, rembg_python
from benchmarks.speed.plots import Plot

PRECISIONS = ("exact", "auto")
CLIENTS = (1, 4, 16, 64)
_FEWER = CLIENTS[:2]  # for rembg, whose server works on all calls at once: 16 took over 16 GB, and the kernel killed it
_CALLS = 8  # of all clients together at least
# As it is shipped, a server refuses at once what it would hardly answer in time, and all beyond 50 calls of one account.
_PATIENT = {"KOUTU_CALL_QUEUE": "256", "KOUTU_CALL_TIMEOUT_S": "600"}
_START_SECONDS = 300

Call = Callable[[bytes], bytes]


@contextmanager
def rembg_server() -> Iterator[str]:
    """Run `rembg s` on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [rembg_python().parent / "rembg", "s", "--host", "127.0.0.1", "--port", str(port), "--log_level", "error"]
    server = subprocess.Popen([*command, "--no-ui"], env=rembg_environment(), stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("rembg's server did not start")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        httpx.get(f"{address}/openapi.json")
    except httpx.TransportError:
        return False
    return True


def _post(address: str, photo: bytes) -> bytes:
    form = {"model": "isnet-general-use"}
    answer = httpx.post(f"{address}/api/remove", data=form, files={"file": photo}, timeout=300)
    return answer.raise_for_status().content


@contextmanager
def callers(precisions: tuple[str, ...]) -> Iterator[dict[str, Call]]:
    """Running servers, each as a function from a photo to its cutout."""
    with ExitStack() as stack:
        address = stack.enter_context(rembg_server())
        calls: dict[str, Call] = {f"{REMBG}, its server": lambda photo: _post(address, photo)}
        for precision in precisions:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            settings = {"KOUTU_PRECISION": precision, "KOUTU_CONSOLE": "off"} | _PATIENT
            server = stack.enter_context(served(folder, settings))
            client = server.client()
            calls[f"koutu, {precision}, official SDK"] = lambda photo, client=client: cut_common(client, photo)
        yield calls


def lines(photos: list[Path], rounds: int) -> Iterator[str]:
    """One call at a time, in alternating order."""
    data = [photo.read_bytes() for photo in photos]
    with callers(PRECISIONS) as calls:
        times: dict[str, list[float]] = {name: [] for name in calls}
        for call in calls.values():
            call(data[0])
        for number in range(rounds):
            for photo in data:
                for name in calls if number % 2 else reversed(calls):
                    started = time.perf_counter()
                    calls[name](photo)
                    times[name].append(time.perf_counter() - started)
    base = next(iter(times))
    rows = [(name, milliseconds(taken), ratios(times[base], taken)) for name, taken in times.items()]
    yield table(("call over HTTP", "ms, median", "times rembg's rate (quartiles)"), rows)


@dataclass(frozen=True)
class _Load:
    """What many clients at once got: calls a second, latencies of the answered calls in seconds, refused calls."""

    rate: float
    latencies: list[float]
    refused: int

    def percentile(self, percent: int) -> float:
        """A percentile of the latencies, in seconds; not a number where hardly any call was answered."""
        if len(self.latencies) < 2:
            return math.nan
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


def concurrent_lines(photos: list[Path]) -> Iterator[str | Plot]:
    """Many clients that begin at once: throughput and latencies."""
    data = [photo.read_bytes() for photo in photos]
    found: dict[str, dict[int, _Load]] = {}
    with callers(("auto",)) as calls:
        for name, call in calls.items():
            call(data[0])
            clients = _FEWER if name.startswith(REMBG) else CLIENTS
            found[name] = {count: _load(call, data, count, max(1, _CALLS // count)) for count in clients}
    header = ("server", "clients", "answers a second", "p50, ms", "p95, ms", "p99, ms", "refused")
    rows = [
        (name, str(count), f"{load.rate:.2f}", *(f"{load.percentile(p) * 1e3:.0f}" for p in (50, 95, 99)), str(load.refused))
        for name, loads in found.items()
        for count, load in loads.items()
    ]
    yield table(header, rows)
    for plot, title, values in (
        ("rate", "answers a second", lambda load: load.rate),
        ("latency", "p95 of the latency, seconds", lambda load: load.percentile(95)),
    ):
        lines = {name: (tuple(loads), [values(load) for load in loads.values()]) for name, loads in found.items()}
        yield Plot(f"benchmarks-{plot}", "Many clients at once, over HTTP", "clients", title, lines, log="x")


def _load(call: Call, data: list[bytes], clients: int, each: int) -> _Load:
    def one(number: int) -> list[float | None]:
        taken: list[float | None] = []
        for turn in range(each):
            started = time.perf_counter()
            try:
                call(data[(number + turn) % len(data)])
                taken.append(time.perf_counter() - started)
            except (TeaException, UnretryableException, httpx.HTTPError):
                taken.append(None)
        return taken

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [seconds for taken in pool.map(one, range(clients)) for seconds in taken]
    elapsed = time.perf_counter() - started
    answered = [seconds for seconds in times if seconds is not None]
    return _Load(len(answered) / elapsed, answered, len(times) - len(answered))
