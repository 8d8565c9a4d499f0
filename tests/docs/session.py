"""Runs the blocks of one page in order: a folder with photos, one shell, one Python and one server for all of them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.docs import syntax
from tests.docs.blocks import ROOT, Block

HERE = Path(__file__).parent
ADDRESS = "127.0.0.1:8080"
TIMEOUT = 240


@dataclass(frozen=True)
class Outcome:
    """How a block ended."""

    status: int
    output: str


class Session:
    """What a reader has who works through a page from top to bottom."""

    def __init__(self, folder: Path, address: str, environment: Mapping[str, str], modules: Path | None) -> None:
        self.folder = folder
        self._address = address
        self._environment = {**environment}
        self._modules = modules
        self._python: subprocess.Popen[str] | None = None
        self._background: list[subprocess.Popen[bytes]] = []
        self._last = ""

    def run(self, block: Block) -> None:
        """Run a block; raises AssertionError where it does not do what its directive says."""
        language = block.language
        if "syntax" in block.directive or language in syntax.PARSERS:
            assert block.directive.get("syntax", "parsed"), f"{block.place}: say why the block is only parsed"
            syntax.check(block)
            return
        if language == "text":
            if "output" in block.directive:
                self._compare(block)
            return
        code = block.code.replace(ADDRESS, self._address)
        runners = {"python": self._run_python, "sh": self._run_shell, "js": self._run_node}
        if language not in runners:
            raise AssertionError(f"{block.place}: there is no runner for the language {language!r}")
        if "background" in block.directive:
            self._start(code, block)
            return
        outcome = runners[language](code, block)
        self._last = outcome.output
        if "fails" in block.directive:
            assert outcome.status, f"{block.place} was to fail:\n{outcome.output}"
            assert block.directive["fails"] in outcome.output, f"{block.place}:\n{outcome.output}"
        else:
            assert outcome.status == 0, f"{block.place} ended with {outcome.status}:\n{block.code}\n{outcome.output[-4000:]}"

    def close(self) -> None:
        """End what is still running."""
        if self._python:
            assert self._python.stdin
            assert self._python.stdout
            self._python.stdin.close()
            self._python.wait(timeout=30)
            self._python.stdout.close()
        for process in self._background:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)

    def _run_python(self, code: str, block: Block) -> Outcome:
        if self._python is None:
            self._python = subprocess.Popen(
                [sys.executable, str(HERE / "python_driver.py")],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._python.stdin
        assert self._python.stdout
        self._python.stdin.write(json.dumps({"code": code, "name": block.place}) + "\n")
        self._python.stdin.flush()
        answer = self._python.stdout.readline()
        assert answer, f"{block.place}: the interpreter ended"
        return Outcome(**json.loads(answer))

    def _run_shell(self, code: str, block: Block) -> Outcome:
        state = self.folder / ".state"
        script = "\n".join(
            [
                "set -euo pipefail",
                f"[ -f {state} ] && . {state}",
                f"trap 'export -p > {state}; declare -f >> {state}' EXIT",
                code,
            ]
        )
        return self._process(["bash", "-c", script], ROOT if "repository" in block.directive else self.folder)

    def _run_node(self, code: str, block: Block) -> Outcome:
        assert self._modules, "the clients for Node are not installed"
        link = self.folder / "node_modules"
        if not link.exists():
            link.symlink_to(self._modules, target_is_directory=True)
        script = self.folder / f"block{block.line}.{'mjs' if re.search(r'(?m)^import ', code) else 'cjs'}"
        script.write_text(code, encoding="utf-8")
        return self._process(["node", script.name], self.folder)

    def _process(self, command: list[str], folder: Path) -> Outcome:
        done = subprocess.run(
            command,
            cwd=folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        return Outcome(done.returncode, done.stdout)

    def _start(self, code: str, block: Block) -> None:
        log = self.folder / f"background{block.line}.log"
        state = self.folder / ".state"
        # A server of the block's own: any free port, and a data folder that no other server has.
        environment = {**self._environment, "KOUTU_PORT": "0", "KOUTU_DATA": str(self.folder / f"data{block.line}")}
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["bash", "-c", f"[ -f {state} ] && . {state}\n{code}"],
                cwd=ROOT if "repository" in block.directive else self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._background.append(process)
        until = block.directive.get("until", "").replace(ADDRESS, self._address)
        deadline = time.monotonic() + TIMEOUT
        while not _there(until, log):
            assert process.poll() is None, f"{block.place} ended:\n{log.read_text()[-4000:]}"
            assert time.monotonic() < deadline, f"{block.place} did not get as far as {until!r}:\n{log.read_text()[-4000:]}"
            time.sleep(0.2)

    def _compare(self, block: Block) -> None:
        parts = [re.escape(part) for part in block.code.strip().split("...")]
        shown = re.compile(".*?".join(parts), re.DOTALL)
        assert shown.fullmatch(self._last.strip()), f"{block.place}: printed was\n{self._last}"


def _there(until: str, log: Path) -> bool:
    if not until.startswith("http"):
        return until in log.read_text(encoding="utf-8", errors="replace")
    try:
        with urllib.request.urlopen(until, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
