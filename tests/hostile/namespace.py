"""Run inside a network namespace of its own: every forbidden address is there, listens, and notes who connects.

A name server that lies answers with them too. What the guarded fetch did, and which addresses were connected to, goes to
standard output as JSON.
"""

import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio

from koutu.errors import KoutuError
from koutu.server.sources import Sources
from koutu.settings import Settings

PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
FORBIDDEN_V4 = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254",
    "100.64.0.1", "100.100.100.200", "100.127.255.254", "169.254.169.254", "169.254.1.1", "192.0.0.1", "192.0.2.1",
    "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
]  # fmt: skip
FORBIDDEN_V6 = [
    "::1", "fc00::1", "fd00:ec2::254", "fdff::1", "fec0::1", "2001:db8::1", "2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2002:7f00:1::1", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "2a00:1450:4001:800::5efe:7f00:1", "2a00:1450:4001:800:200:5efe:a9fe:a9fe", "::7f00:1",
]  # fmt: skip
UNBOUND = [
    "0.0.0.0",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "ff02::1",
]

connected: list[str] = []


class Witness(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = str(self.connection.getsockname()[0]).removeprefix("::ffff:")
        connected.append(address)
        if "?" in self.path:
            self.send_response(302)
            self.send_header("Location", self.path.split("?", 1)[1])
            self.send_header("Content-Length", "0")
        else:
            self.send_response(200)
            self.send_header("Content-Length", "6")
        self.end_headers()
        if "?" not in self.path:
            self.wfile.write(b"secret")

    def log_message(self, *args: object) -> None:
        pass


class DualServer(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class Liar:
    """A name server: a name is the addresses that it answers with, in turn; the last one stays."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._names = names
        self._turn: dict[tuple[str, int], int] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))

    def run(self) -> None:
        while True:
            query, sender = self._socket.recvfrom(512)
            self._socket.sendto(self._answer(query), sender)

    def _answer(self, query: bytes) -> bytes:
        labels, position = [], 12
        while query[position]:
            labels.append(query[position + 1 : position + 1 + query[position]].decode())
            position += 1 + query[position]
        name = ".".join(labels).lower()
        kind = struct.unpack(">H", query[position + 1 : position + 3])[0]
        question = query[12 : position + 5]
        given = self._names.get(name, [])
        turn = self._turn.get((name, kind), 0)
        self._turn[name, kind] = turn + 1
        answers = b""
        count = 0
        for address in given[min(turn, len(given) - 1)].split(",") if given else []:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            if kind == (28 if family == socket.AF_INET6 else 1):
                packed = socket.inet_pton(family, address)
                answers += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(packed)) + packed
                count += 1
        return query[:2] + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0) + question + answers


def prepare() -> None:
    for command in ["link set lo up", *(f"addr add {address} dev lo" for address in [*PUBLIC, *FORBIDDEN_V4, *FORBIDDEN_V6])]:
        subprocess.run(["ip", *command.split()], check=False, stderr=subprocess.DEVNULL)
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", file.name, "/etc/resolv.conf"], check=True)
    Path(file.name).unlink()


async def fetch(url: str, allow: tuple[str, ...] = ()) -> str:
    sources = Sources(Settings(fetch_allow_hosts=allow, fetch_timeout_s=3))
    try:
        return (await sources.fetch(url, max_bytes=100, timeout_s=None, owner="somebody")).decode()
    except KoutuError as error:
        return error.code


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


async def run() -> dict[str, object]:
    forbidden = [*FORBIDDEN_V4, *FORBIDDEN_V6, *UNBOUND]
    outcome: dict[str, str] = {}
    outcome["control: a public address"] = await fetch(f"http://{PUBLIC[0]}/")
    outcome["control: a public name"] = await fetch("http://public.test/")
    outcome["control: a public IPv6 address"] = await fetch(f"http://[{PUBLIC[1]}]/")
    for index, address in enumerate(forbidden):
        outcome[f"literal {address}"] = await fetch(f"http://{bracketed(address)}/")
        outcome[f"name of {address}"] = await fetch(f"http://inside{index}.test/")
        outcome[f"name of {address} among public ones"] = await fetch(f"http://mixed{index}.test/")
        outcome[f"redirect to {address}"] = await fetch(f"http://public.test/?http://{bracketed(address)}/")
        outcome[f"redirect to the name of {address}"] = await fetch(f"http://public.test/?http://inside{index}.test/")
        outcome[f"rebinding to {address}"] = await fetch(f"http://rebind{index}.test/?http://rebind{index}.test/")
    for spelling in ("2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "017700000001", "2852039166"):
        outcome[f"spelling {spelling}"] = await fetch(f"http://{spelling}/")
    return {"outcome": outcome, "connected": connected, "public": PUBLIC}


def main() -> None:
    prepare()
    forbidden = [*FORBIDDEN_V4, *FORBIDDEN_V6, *UNBOUND]
    names = {"public.test": [",".join(PUBLIC)]}
    for index, address in enumerate(forbidden):
        names[f"inside{index}.test"] = [address]
        names[f"mixed{index}.test"] = [f"{PUBLIC[0]},{address}"]
        names[f"rebind{index}.test"] = [PUBLIC[0], address]
    server = DualServer(("::", 80), Witness)
    for work in (server.serve_forever, Liar(names).run):
        threading.Thread(target=work, daemon=True).start()
    json.dump(anyio.run(run), sys.stdout)


main()
