"""`koutu cluster`: inference on a Ray cluster."""

from types import ModuleType

import typer
from rich.console import Console
from rich.table import Table

from koutu.errors import EnvironmentFault, KoutuError

app = typer.Typer(help="Put inference on a Ray cluster and look at it.", no_args_is_help=True)


@app.command()
def deploy() -> None:
    """Deploy every group of models on the cluster at KOUTU_RAY_ADDRESS, or bring it to the present settings."""
    from koutu.settings import current

    try:
        cluster = _cluster()
        with Console(stderr=True).status("deploying"):
            cluster.deploy(current())
    except KoutuError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None
    status()


@app.command()
def status() -> None:
    """Show every group's state and replicas."""
    from koutu.settings import current

    table = Table("group", "state", "replicas", "models")
    try:
        for group, state in _cluster().status(current()).items():
            table.add_row(group, state["state"], state["replicas"], " ".join(current().ray_groups[group]))
    except KoutuError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None
    Console().print(table)


def _cluster() -> ModuleType:
    """The cluster's half of the engine."""
    try:
        from koutu.engine.cluster import deploy as cluster
    except ModuleNotFoundError:
        raise EnvironmentFault("This needs the package ray: pip install koutu[cluster].") from None
    return cluster
