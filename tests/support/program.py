"""`koutu serve` as a process that can be killed and started again."""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from signing_client import signed_params

from koutu.server.accounts.keys import NewKey


@dataclass
class Program:
    """`koutu serve` as a process of its own."""

    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None
    endpoint: str = ""

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("koutu")), "serve", "--port", "0", "--data", str(self.folder)]
        log = (self.folder.parent / "server.log").open("a")
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **self.environment}
        )
        log.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Koutu is serving on http://"), (line, self.log())
        self.endpoint = line.strip().removeprefix("Koutu is serving on http://")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self._end()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self._end()

    def log(self) -> str:
        return (self.folder.parent / "server.log").read_text()

    def create_key(self) -> NewKey:
        command = [str(Path(sys.executable).with_name("koutu")), "keys", "create", "--json", "--data", str(self.folder)]
        environment = {**os.environ, **self.environment}
        answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout)
        return NewKey(answer["access_key_id"], answer["access_key_secret"])

    def call(self, key: NewKey, action: str, **params: str) -> Any:
        form = signed_params("POST", {"Action": action, **params}, key.access_key_id, key.access_key_secret)
        request = urllib.request.Request(f"http://{self.endpoint}/", urlencode(form).encode())
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _end(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        status = self.process.wait(30)
        self.process = None
        return status
