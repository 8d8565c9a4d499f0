"""Uploads behind a domain: the server at one name of it, its bucket at another, https everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long

UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]
NAMES = ["python-2-0-4", "python-4-0-1", "node-2-0-5", "node-4-0-1"]


def namespaces() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def test_uploads_behind_a_domain(photos: Path, installer: Any) -> None:
    if not namespaces():
        assert "CI" not in os.environ, "network namespaces are needed in CI"
        pytest.skip("needs unshare, ip and leave to make a network namespace")
    clients = []
    for name in NAMES:
        command, folder = installer.client_command(installer.clients()[name])
        clients.append({"name": name, "command": command, "folder": str(folder)})
    task = {"photo": str(photos / "skimage_chelsea.jpg"), "clients": clients}
    program = [sys.executable, str(Path(__file__).with_name("domain.py"))]
    done = subprocess.run(
        [*UNSHARE, *program], input=json.dumps(task), capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout)
    assert list(answers) == NAMES
    for name, answer in answers.items():
        assert "body" in answer, (name, answer)
        assert answer["body"]["Data"]["ImageURL"].startswith("https://seg.example.test/"), (name, answer)
