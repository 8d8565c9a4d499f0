"""The machine: Python, processor, memory, clock."""

import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from koutu.cli.checks.finding import Finding, fail, ok, warn

_LEAST_PYTHON, _TOO_NEW_PYTHON = (3, 11), (3, 14)
_LEAST_MEMORY = 2.0  # GB: the networks of all actions and a 12-megapixel photo
_MEMORY_HD = 4.0


def check_machine() -> Iterator[Finding]:
    """Look at Python, the processor, memory and the clock."""
    yield _python()
    yield _processor()
    yield _memory()
    yield _clock()


def _python() -> Finding:
    version = platform.python_version()
    where = f"Python {version} ({platform.machine()}, {platform.system()}) in {sys.prefix}"
    if not _LEAST_PYTHON <= sys.version_info[:2] < _TOO_NEW_PYTHON:
        return fail("python", where, "Install Koutu under Python 3.11, 3.12 or 3.13.")
    if sys.maxsize < 2**32:
        return fail("python", f"{where}, 32 bits", "Install a 64-bit Python.")
    return ok("python", where)


def _processor() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        import openvino

        core = openvino.Core()
        name = core.get_property("CPU", "FULL_DEVICE_NAME")
        able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError, OSError) as error:
        return fail("processor", f"OpenVINO does not start: {error}", "Reinstall it: pip install --force-reinstall openvino")
    says = f"{name}, {cores} cores, {', '.join(part for part in able if part in ('BF16', 'FP16', 'INT8', 'FP32'))}"
    if "BF16" not in able:
        return warn("processor", says, "Without bf16 a network takes about twice as long; results are the same.")
    return ok("processor", says)


def _memory() -> Finding:
    total, available = _meminfo()
    if total is None or available is None:
        return warn("memory", "this system does not tell")
    limit = _cgroup_limit()
    if limit is not None and limit < total:
        total, available = limit, min(available, limit)
    says = f"{available:.1f} of {total:.1f} GB available"
    if available < _LEAST_MEMORY:
        return warn("memory", says, f"Free memory: all networks and a photo take up to {_LEAST_MEMORY:g} GB.")
    if total < _MEMORY_HD:
        return warn("memory", says, "Photos of 100 megapixels will not fit; set KOUTU_MAX_PIXELS to what does.")
    return ok("memory", says)


def _meminfo() -> tuple[float | None, float | None]:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None, None
    table = {line.split(":")[0]: float(line.split()[1]) / 1e6 for line in lines}
    return table.get("MemTotal"), table.get("MemAvailable")


def _cgroup_limit() -> float | None:
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return float(Path(name).read_text(encoding="ascii")) / 1e9
        except (OSError, ValueError):
            continue
    return None


def _clock() -> Finding:
    now = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    installed = max((path.stat().st_mtime for path in Path(__file__).parent.glob("*.py")), default=0.0)
    if time.time() < installed - 86_400:
        cure = "Set the clock (timedatectl set-ntp true): signed calls more than 15 minutes off are refused."
        return fail("clock", f"{now}, which is before this version was installed", cure)
    return ok("clock", now)


def version() -> str:
    """The installed version."""
    return metadata.version("koutu")
