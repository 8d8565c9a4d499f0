"""The generated pages of the docs are those of this contract and these tests."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("script", ["action_reference.py", "error_reference.py", "coverage_table.py"])
def test_fresh(script: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make reference` and commit what it writes\n{done.stdout[-500:]}{done.stderr[-2000:]}"
