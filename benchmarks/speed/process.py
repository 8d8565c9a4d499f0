"""A timed process: started, fed with photos, asked for its memory, ended."""

import json
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType


class Worker:
    """A program of `benchmarks.speed.workers`.

    Args:
        name: as tables show it.
        command: the program.
        environment: of the process.
        folder: where it runs.

    Attributes:
        started: perf_counter at its start.
    """

    def __init__(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Worker":
        self._answer()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()

    def call(self, photo: Path, at_once: int = 1) -> float:
        """Seconds of a whole call, from the file's bytes to the PNG's, as the process itself measured them.

        Some workers take ``at_once``: so many calls with the same photo begin together, and the last one's end counts.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"photo": str(photo), "at_once": at_once}) + "\n")
        self._process.stdin.flush()
        return float(self._answer()["seconds"])

    def elapsed(self) -> float:
        """Seconds since the process was started."""
        return time.perf_counter() - self.started

    def peak_memory(self) -> float:
        """Peak resident memory so far, in MB."""
        return peak_memory(self._process.pid)

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                answer: dict[str, float] = json.loads(line)
                return answer
        raise RuntimeError(f"{self.name} ended with status {self._process.wait()}")


def peak_memory(pid: int) -> float:
    """Peak resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1e3
