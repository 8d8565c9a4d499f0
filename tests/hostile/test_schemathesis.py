"""Calls that schemathesis makes up from an OpenAPI document of the contract, signed and unsigned."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi import openapi

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
REQUIREMENT = "schemathesis==4.32.5"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method"


@pytest.fixture(scope="module")
def schemathesis() -> Path:
    """The program, in an environment of its own under the cache folder: its dependencies are none of ours."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "koutu-conformance"
    recipe = hashlib.sha256(f"{REQUIREMENT} {sys.version_info[:2]}".encode()).hexdigest()[:12]
    folder = cache / f"schemathesis-{recipe}"
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", REQUIREMENT], check=True)
        (folder / ".complete").touch()
    return folder / "bin" / "schemathesis"


def test_made_up_calls(schemathesis: Path, watched: Any, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(openapi()))
    environment = {
        **os.environ,
        "KOUTU_TEST_KEY": json.dumps(watched.key),
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "support")]),
        "SCHEMATHESIS_HOOKS": "sign_hook",
    }
    options = [
        "--url",
        watched.base,
        "--checks",
        CHECKS,
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        "150",
        "--seed",
        "1",
    ]
    done = subprocess.run(
        [str(schemathesis), "run", str(document), *options, "--continue-on-failure", "--no-color"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert watched.client.get("/healthz").status_code == 200
