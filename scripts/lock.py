"""Resolve the dependencies anew into requirements.lock (to run) and requirements-dev.lock (to work on it). Needs uv."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
OPTIONS = ["--universal", "--python-version", "3.11", "--no-header", "--no-emit-index-url", "--no-annotate", "--upgrade"]


def lock(name: str, *groups: str) -> None:
    """Write one lock file."""
    subprocess.run(["uv", "pip", "compile", "--quiet", *OPTIONS, *groups, "pyproject.toml", "-o", name], cwd=ROOT, check=True)


if __name__ == "__main__":
    lock("requirements-dev.lock", "--extra", "server", "--group", "dev")
    # Both are installed into one environment, so what serves has the versions that were tested.
    # A server among others needs more, and in other versions: it has an environment of its own.
    lock("requirements-cluster.lock", "--extra", "server", "--extra", "cluster", "--group", "dev", "--group", "cluster")
    lock("requirements.lock", "--extra", "server", "--constraint", "requirements-dev.lock")
