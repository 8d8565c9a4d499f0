"""Random bytes for the decoders and the RPC parser: `python -m benchmarks.load.fuzz --minutes 10`.

Each target runs in a process of its own that is fed from seeds by a mutator, for so many minutes: whatever comes has to be
decoded or refused with an error of the contract, within ten seconds. A crash, another error or a hang is printed with its seed.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty
from typing import Any

_HANG_S = 10.0
_MUTATIONS = 12
_PIXELS = 4_000_000

Target = Callable[[bytes], None]


def mutate(dice: random.Random, seeds: list[bytes]) -> bytes:
    """A seed with some bytes changed, cut out, doubled, or mixed with another seed."""
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.randint(1, _MUTATIONS)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(6):
            case 0 if at < len(data):
                data[at] = dice.randrange(256)
            case 1 if at < len(data):
                data[at] ^= 1 << dice.randrange(8)
            case 2:
                del data[at : at + dice.randint(1, 64)]
            case 3:
                data[at:at] = data[at : at + dice.randint(1, 64)]
            case 4:
                data[at : at + 4] = dice.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case _:
                other = dice.choice(seeds)
                data[at:] = other[dice.randrange(len(other) + 1) :]
    return bytes(data)


def decoder() -> tuple[Target, list[bytes]]:
    """What every picture goes through, and pictures of every kind."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "support"))
    from hostile_files import cases

    from koutu.errors import KoutuError
    from koutu.images.decode import decode
    from koutu.images.header import read_header
    from koutu.images.limits import check_safe

    def target(data: bytes) -> None:
        try:
            check_safe(read_header(data), _PIXELS)
            decode(data)
        except KoutuError:
            return

    return target, [case.data for _, case in cases() if len(case.data) < 50_000]


def parser() -> tuple[Target, list[bytes]]:
    """What every request goes through up to its proof; a sample is a line of method and target, headers, and the body."""
    from starlette.requests import Request

    from koutu.errors import KoutuError
    from koutu.server.rpc.parse import parse
    from koutu.server.rpc.proof import read_proof

    seeds = [
        b"POST /?Action=SegmentBody&Version=2019-12-30&Format=XML\ncontent-type: application/x-www-form-urlencoded\n\n"
        b"ImageURL=http%3A%2F%2Fexample.com%2Fa.jpg&AccessKeyId=K&Signature=c2ln&SignatureMethod=HMAC-SHA1&SignatureNonce=1"
        b"&SignatureVersion=1.0&Timestamp=2030-01-01T00%3A00%3A00Z",
        b"GET /?Action=GetAsyncJobResult&JobId=%E4%BD%A0&Version=2019-12-30\nhost: a\n\n",
        b"POST /\nx-acs-action: SegmentHair\nx-acs-version: 2019-12-30\nx-acs-date: 2030-01-01T00:00:00Z\n"
        b"x-acs-content-sha256: e3b0\nx-acs-signature-nonce: n\nauthorization: ACS3-HMAC-SHA256 Credential=K,"
        b'SignedHeaders=host;x-acs-action,Signature=ab\ncontent-type: application/json\n\n{"ImageURL": "http://a/b.jpg"}',
        b"POST /?URLList.1.ImageURL=a&URLList.2.ImageURL=b\nauthorization: Bearer abc\n\n",
    ]

    def target(data: bytes) -> None:
        head, _, body = data.partition(b"\n\n")
        first, *lines = head.split(b"\n")
        method, _, where = first.partition(b" ")
        path, _, query = where.partition(b"?")
        headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
        scope = {
            "type": "http",
            "method": method.decode("latin-1"),
            "path": path.decode("latin-1"),
            "query_string": query,
            "headers": headers,
            "scheme": "http",
            "server": ("127.0.0.1", 80),
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def run() -> None:
            call = await parse(Request(scope, receive), "ID", base="http://127.0.0.1", max_bytes=1_000_000, timeout_s=5)
            read_proof(call).holds("secret")

        try:
            asyncio.run(run())
        except KoutuError:
            return

    return target, seeds


TARGETS = {"decoders": decoder, "parser": parser}


def fuzz(name: str, first: int, stop: Event, news: "multiprocessing.Queue[tuple[str, int, str]]") -> None:
    """Feed a target until told to stop; news are ("try" | "done", seed, "") and ("error", seed, what)."""
    # What libraries say of broken files is no news.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    target, seeds = TARGETS[name]()
    seed = first
    while not stop.is_set():
        news.put(("try", seed, ""))
        try:
            target(mutate(random.Random(seed), seeds))
        except Exception as error:
            news.put(("error", seed, f"{type(error).__name__}: {error}"))
        seed += 1
    news.put(("done", seed, ""))


def watch(name: str, seconds: float) -> tuple[int, list[str]]:
    """Run a target for a while; how many samples it saw, and what went wrong."""
    context = multiprocessing.get_context("spawn")
    until = time.monotonic() + seconds
    seed, samples, faults = random.randrange(10**9), 0, []
    while time.monotonic() < until:
        stop, news = context.Event(), context.Queue()
        process = context.Process(target=fuzz, args=(name, seed, stop, news))
        process.start()
        # Loading its modules is no part of a sample.
        patience = 120.0
        while True:
            if time.monotonic() >= until:
                stop.set()
            try:
                kind, seed, what = news.get(timeout=patience)
            except Empty:
                what = "hung" if process.is_alive() else f"crashed with status {process.exitcode}"
                faults.append(f"{name}: seed {seed} {what}")
                break
            patience = _HANG_S
            samples += kind == "try"
            if kind == "error":
                faults.append(f"{name}: seed {seed} gave {what}")
            if kind == "done":
                break
        process.kill()
        process.join()
        seed += 1
    return samples, faults


def main() -> None:
    parser_ = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser_.add_argument("--minutes", type=float, default=10)
    parser_.add_argument("--target", choices=[*TARGETS], action="append")
    options = parser_.parse_args()
    failed = []
    for name in options.target or TARGETS:
        samples, faults = watch(name, options.minutes * 60)
        print(f"{name}: {samples} samples in {options.minutes:g} minutes, {len(faults)} faults", flush=True)
        failed += faults
    for fault in failed[:50]:
        print(f"FAILED: {fault}")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
