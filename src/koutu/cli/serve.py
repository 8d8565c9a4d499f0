"""`koutu serve`: the server."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from koutu.errors import KoutuError


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 = any free one.")] = None,
    data: Annotated[Path | None, typer.Option(help="The server's folder: database, objects, secret.")] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate (PEM) to serve https with.", exists=True, dir_okay=False)
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="The certificate's key (PEM).", exists=True, dir_okay=False)] = None,
    tls_self_signed: Annotated[
        bool, typer.Option(help="Serve https with a certificate of its own making (development).")
    ] = False,
    first_key: Annotated[bool, typer.Option(help="Make an access key where there is none, and print how to use it.")] = False,
) -> None:
    """Serve the API."""
    from koutu.cli.first_key import make_first_key, snippets
    from koutu.cli.server_settings import server_settings
    from koutu.server.serve import check_installation
    from koutu.server.serve import serve as run
    from koutu.server.tls import self_signed

    settings = server_settings(host=host, port=port, data=data)
    if (tls_cert is None) != (tls_key is None):
        raise typer.BadParameter("--tls-cert and --tls-key go together.")
    try:
        check_installation(settings)
        key = make_first_key(settings) if first_key else None
        if tls_self_signed:
            tls_cert, tls_key = self_signed(settings)
    except KoutuError as error:
        raise _failed(error) from None

    def ready(address: str) -> None:
        if key is not None:
            typer.echo(snippets(key, address))
        elif first_key:
            typer.echo("The access keys are those made before: koutu keys list, koutu keys create.")
        typer.echo(f"Koutu is serving on {address}")

    try:
        status = run(settings, ready, tls_cert=tls_cert, tls_key=tls_key)
    except KoutuError as error:
        raise _failed(error) from None
    # All that lasts is closed. Threads that still work on a picture, or load a model, would hold the end up for nothing.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _failed(error: KoutuError) -> typer.Exit:
    typer.echo(error.message, err=True)
    return typer.Exit(1)
