"""`koutu doctor`: what is wrong with an installation, and how to mend it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from koutu.cli.checks.finding import Finding

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "skip": ("-", "dim")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Cut no sample photo.")] = False,
    data: Annotated[Path | None, typer.Option(help="The server's folder: database, objects, secret.")] = None,
) -> None:
    """Say what is wrong with this installation, and how to mend it.

    It looks at Python, packages, settings, the processor, memory, the clock, models with their checksums and licences, folders,
    and what the server needs: port, secret, database, Redis, object store. It cuts a sample photo. Nothing is changed.

    For example:

      koutu doctor

      koutu doctor --json --quick

    Exit codes: 0 nothing is broken; 1 something is.
    """
    from koutu.cli.checks.finding import State
    from koutu.cli.checks.machine import version

    out = Console()
    findings = []
    if not as_json:
        out.print(f"Koutu {version()}", highlight=False)
    for finding in _findings(quick, data):
        findings.append(finding)
        if not as_json:
            _show(finding, out)
    broken = sum(finding.state is State.FAIL for finding in findings)
    minded = sum(finding.state is State.WARN for finding in findings)
    if as_json:
        typer.echo(json.dumps({"broken": broken, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False))
    else:
        summary = f"{broken} broken, {minded} worth a look" if broken or minded else "Nothing is wrong."
        out.print(summary, style="red" if broken else "yellow" if minded else "green", highlight=False)
    raise typer.Exit(int(broken > 0))


def _findings(quick: bool, data: Path | None) -> "Iterator[Finding]":
    from koutu.cli.checks.configuration import check_configuration
    from koutu.cli.checks.finding import State, skip
    from koutu.cli.checks.machine import check_machine
    from koutu.cli.checks.packages import check_clients, check_packages, has_server

    sound = True
    for finding in (*check_packages(), *check_configuration()):
        sound &= finding.state is not State.FAIL
        yield finding
    yield from check_machine()
    yield from check_clients()
    if not sound:
        yield skip("models and server", "looked at once packages and settings are sound")
        return
    from koutu.cli.checks.weights import check_cut, check_weights

    yield from check_weights()
    if not quick:
        yield check_cut()
    if not has_server():
        yield skip("server", "koutu[server] is not installed")
        return
    from koutu.cli.checks.service import check_service
    from koutu.cli.server_settings import server_settings

    yield from check_service(server_settings(data=data))


def _show(finding: "Finding", out: Console) -> None:
    sign, colour = _SIGNS[finding.state]
    out.print(Text.assemble((f"{sign} ", colour), (finding.check, "bold"), f": {finding.says}"), soft_wrap=True)
    if finding.cure:
        out.print(Text(f"    → {finding.cure}"), soft_wrap=True)
