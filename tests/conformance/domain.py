"""Run inside a network and mount namespace of its own, where names of a domain lead to this machine.

A server stands at https://seg.example.test with its bucket at bucket.oss.example.test; the clients that standard input names as
JSON upload a file to it and have it worked on. What they got goes to standard output as JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HOSTS = "127.0.0.1 localhost\n127.0.0.1 seg.example.test bucket.oss.example.test\n"


def prepare(folder: Path) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    hosts = folder / "hosts"
    hosts.write_text(HOSTS)
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def ask(client: dict[str, Any], key: dict[str, str], certificate: Path, photo: str) -> dict[str, Any]:
    setup = {"endpoint": "seg.example.test", "protocol": "https", "config": {}, **key}
    order = {"action": "SegmentCommonImage", "mode": "advance", "params": {"ImageURL": photo}, "files": ["ImageURL"]}
    done = subprocess.run(
        client["command"], cwd=client["folder"], env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate)},
        input=f"{json.dumps(setup)}\n{json.dumps(order)}\n", capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[1])
    return answer


def main() -> None:
    task = json.load(sys.stdin)
    koutu = str(Path(sys.executable).with_name("koutu"))
    environment = {
        **os.environ,
        "KOUTU_PUBLIC_HOST": "https://seg.example.test",
        "KOUTU_BUCKET_HOST": "bucket.oss.example.test",
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        data = ["--data", str(folder / "data")]
        made = subprocess.run([koutu, "keys", "create", "--json", *data], capture_output=True, text=True, check=True)
        server = subprocess.Popen(
            [koutu, "serve", "--port", "443", "--tls-self-signed", *data], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout
        assert "https" in server.stdout.readline()
        certificate = folder / "data" / "tls" / "certificate.pem"
        answers = {
            client["name"]: ask(client, json.loads(made.stdout), certificate, task["photo"]) for client in task["clients"]
        }
        server.terminate()
        server.wait(timeout=30)
    json.dump(answers, sys.stdout)


main()
