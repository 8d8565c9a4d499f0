"""No forbidden address is connected to: proved where they all exist, listen and note who comes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]


def namespaces() -> bool:
    """Whether this machine lets us make a network namespace."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def test_the_guard_holds_where_the_forbidden_listens() -> None:
    if not namespaces():
        assert "CI" not in os.environ, "network namespaces are needed in CI"
        pytest.skip("needs unshare, ip and leave to make a network namespace")
    program = Path(__file__).with_name("namespace.py")
    done = subprocess.run([*UNSHARE, sys.executable, str(program)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    outcome = report["outcome"]
    controls = {name: answer for name, answer in outcome.items() if name.startswith("control")}
    assert len(controls) == 3
    assert set(controls.values()) == {"secret"}, "the witness was not reached at all"
    others = {name: answer for name, answer in outcome.items() if name not in controls}
    assert len(others) > 200
    wrong = {name: answer for name, answer in others.items() if answer not in ("InvalidImage.Unsafe", "InvalidImage.Download")}
    assert wrong == {}
    assert set(report["connected"]) <= set(report["public"])
    # Names that lead inside are told apart from names that lead nowhere.
    literal = {answer for name, answer in others.items() if name.startswith("literal")}
    assert literal == {"InvalidImage.Unsafe"}
