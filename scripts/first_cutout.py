"""Time a stranger's path: clone, `make run`, paste the code that it prints, and the first cutout is there.

python scripts/first_cutout.py [--warm]: with --warm, packages come from pip's cache and weights from KOUTU_HOME.
"""

import argparse
import contextlib
import itertools
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(log: Path, process: subprocess.Popen[bytes]) -> str:
    while "Koutu is serving on" not in (printed := log.read_text(encoding="utf-8")):
        if process.poll() is not None:
            raise SystemExit(f"make run ended:\n{printed}")
        time.sleep(0.2)
    return printed


def main() -> None:
    """Walk the path and print the seconds of each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm", action="store_true", help="use the caches of packages and weights that are there")
    warm = parser.parse_args().warm
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "KOUTU_PORT": str(_free_port())}
        if not warm:
            environment |= {"KOUTU_HOME": str(folder / "models"), "PIP_NO_CACHE_DIR": "1"}
        marks = [("", time.perf_counter())]
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "koutu")], check=True)
        marks.append(("clone", time.perf_counter()))
        log = folder / "log"
        with log.open("wb") as output:
            command = ["make", "-C", str(folder / "koutu"), "run"]
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            printed = _wait(log, process)
            marks.append(("make run, until it serves", time.perf_counter()))
            pasted = re.search(r"^\S+ - <<'EOF'\n.*?^EOF$", printed, re.MULTILINE | re.DOTALL)
            assert pasted, printed
            subprocess.run(["bash", "-c", pasted[0]], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            marks.append(("paste the first snippet", time.perf_counter()))
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=60)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
        size = (folder / "cutout.png").stat().st_size
        for (_, before), (step, after) in itertools.pairwise(marks):
            print(f"{step:28} {after - before:6.1f} s")
        print(f"{'clone to first cutout':28} {marks[-1][1] - marks[0][1]:6.1f} s   (cutout.png, {size} bytes)")


if __name__ == "__main__":
    main()
