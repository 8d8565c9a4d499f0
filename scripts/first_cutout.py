"""Time a stranger's path: clone, `make run`, paste the code that it prints, and the first cutout is there.

python scripts/first_cutout.py [--command-line] [--warm]: with --command-line, the README's commands that need no server are run
instead; with --warm, packages come from pip's cache and weights from KOUTU_HOME.
"""

import argparse
import itertools
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
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


def _commands() -> list[str]:
    """The README's block for the command line, a command a line."""
    block = re.search(
        r"first_cutout\.py --command-line[^\n]*\n```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert block, "the README has lost its block"
    return block[1].strip().splitlines()


def _serve_and_paste(folder: Path, environment: dict[str, str], mark: Callable[[str], None]) -> Path:
    log = folder / "log"
    with log.open("wb") as output:
        command = ["make", "-C", str(folder / "koutu"), "run"]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        printed = _wait(log, process)
        mark("make run, until it serves")
        pasted = re.search(r"^\S+ - <<'EOF'\n.*?^EOF$", printed, re.MULTILINE | re.DOTALL)
        assert pasted, printed
        subprocess.run(["bash", "-c", pasted[0]], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        mark("paste the first snippet")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
    return folder / "cutout.png"


def main() -> None:
    """Walk the path and print the seconds of each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm", action="store_true", help="use the caches of packages and weights that are there")
    parser.add_argument("--command-line", action="store_true", help="run the README's commands that need no server")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "KOUTU_PORT": str(_free_port())}
        if not options.warm:
            environment |= {"KOUTU_HOME": str(folder / "models"), "PIP_NO_CACHE_DIR": "1"}
        marks = [("", time.perf_counter())]

        def mark(step: str) -> None:
            marks.append((step, time.perf_counter()))

        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "koutu")], check=True)
        mark("clone")
        if options.command_line:
            for command in _commands():
                subprocess.run(["bash", "-c", command], cwd=folder / "koutu", env=environment, check=True)
                mark(command.partition("#")[0].strip()[:60])
            cutout = folder / "koutu" / "cutout.png"
        else:
            cutout = _serve_and_paste(folder, environment, mark)
        size = cutout.stat().st_size
        for (_, before), (step, after) in itertools.pairwise(marks):
            print(f"{step:60} {after - before:6.1f} s")
        print(f"{'clone to first cutout':60} {marks[-1][1] - marks[0][1]:6.1f} s   (cutout.png, {size} bytes)")


if __name__ == "__main__":
    main()
