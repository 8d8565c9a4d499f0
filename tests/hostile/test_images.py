"""Every hostile file through the decoder: a right picture or a clear error, soon and in little memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile_files import GROUPS

HERE = Path(__file__).parent
SECONDS = 3.0
MEGABYTES = 200.0


@pytest.fixture(scope="module")
def outcomes() -> list[dict[str, Any]]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "support")}
    command = [sys.executable, "-W", "ignore", str(HERE / "decode_all.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("group", GROUPS)
def test_files(group: str, outcomes: list[dict[str, Any]]) -> None:
    wrong = {outcome["name"]: fault for outcome in outcomes if outcome["group"] == group and (fault := _fault(outcome))}
    assert wrong == {}


def test_there_are_several_hundred(outcomes: list[dict[str, Any]]) -> None:
    assert len(outcomes) > 500
    assert len({outcome["name"] for outcome in outcomes}) == len(outcomes)


def _fault(outcome: dict[str, Any]) -> str:
    if "crashed" in outcome:
        return str(outcome["crashed"])
    if outcome["seconds"] > SECONDS or outcome["megabytes"] > MEGABYTES:
        return f"took {outcome['seconds']:.1f} s and {outcome['megabytes']:.0f} MB"
    if "refused" in outcome:
        return "refused: " + outcome["message"] if outcome["verdict"] == "picture" else ""
    if outcome["verdict"] == "refused":
        return f"taken as a picture of {outcome['size']}"
    if outcome["shows"] and (outcome["difference"] is False or outcome["difference"] > outcome["tolerance"]):
        return f"shows something else, by {outcome['difference']}"
    return ""
