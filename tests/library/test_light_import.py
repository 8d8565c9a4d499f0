"""Nothing heavy is loaded before it is used: what `python -X importtime` lists, by statement."""

import re
import subprocess
import sys

import pytest

HEAVY = {
    "numpy",
    "cv2",
    "openvino",
    "PIL",
    "pydantic",
    "pydantic_settings",
    "urllib3",
    "ssl",
    "typer",
    "rich",
    "isal",
    "asyncio",
}


def loaded_by(code: str) -> set[str]:
    """Every module that a fresh interpreter imports for `code`, without those of its own start."""

    def modules(code: str) -> set[str]:
        run = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True)
        return set(re.findall(r"\| +([\w.]+)$", run.stderr, re.MULTILINE))

    return modules(code) - modules("")


def test_importing_koutu_loads_nothing_heavy():
    loaded = loaded_by("import koutu; koutu.segment_body; koutu.map")
    assert "koutu.functions" in loaded
    assert not loaded & HEAVY
    assert len(loaded) < 60


def test_the_client_does_without_the_engine():
    loaded = loaded_by("import koutu; koutu.Client('127.0.0.1:1', 'id', 'secret')")
    assert "urllib3" in loaded
    assert not loaded & {"openvino", "typer", "rich", "koutu.library", "koutu.models"}


@pytest.mark.parametrize("command", ["--help", "cut --help", "models --help"])
def test_help_does_not_wait_for_the_engine(command):
    code = f"import sys; sys.argv = ['koutu', *{command.split()!r}]; from koutu.cli.main import app; app(standalone_mode=False)"
    assert not loaded_by(code) & {"openvino", "cv2", "numpy", "PIL", "sqlalchemy", "uvicorn"}
