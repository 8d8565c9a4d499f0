"""Whole calls over HTTP, one and many at a time: the official SDK against us, multipart posts against rembg's own server."""

import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from benchmarks.served import cut_common, served
from benchmarks.speed.figures import milliseconds, ratios, table
from benchmarks.speed.library import REMBG
from benchmarks.speed.peers import rembg_environment, rembg_python

PRECISIONS = ("exact", "auto")
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
            server = stack.enter_context(served(folder, {"KOUTU_PRECISION": precision, "KOUTU_CONSOLE": "off"}))
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


def concurrent_lines(photos: list[Path], clients: tuple[int, ...], each: int) -> Iterator[str]:
    """Many clients at once: throughput and latencies."""
    data = [photo.read_bytes() for photo in photos]
    rows = []
    with callers(("auto",)) as calls:
        for name, call in calls.items():
            call(data[0])
            rows += [(name, str(count), *_load(call, data, count, each)) for count in clients]
    yield table(("server", "clients", "calls a second", "p50, ms", "p95, ms", "p99, ms"), rows)


def _load(call: Call, data: list[bytes], clients: int, each: int) -> tuple[str, ...]:
    def one(number: int) -> list[float]:
        taken = []
        for turn in range(each):
            started = time.perf_counter()
            call(data[(number + turn) % len(data)])
            taken.append(time.perf_counter() - started)
        return taken

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [seconds for taken in pool.map(one, range(clients)) for seconds in taken]
    rate = len(times) / (time.perf_counter() - started)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return (f"{rate:.2f}", *(f"{cuts[percent - 1] * 1e3:.0f}" for percent in (50, 95, 99)))
