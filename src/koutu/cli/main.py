"""The command `koutu`."""

import os
import sys

import typer

from koutu.cli import (
    accounts,
    banner,
    cluster,
    cut,
    doctor,
    id_photo,
    keys,
    models,
    packages,
    payments,
    prices,
    quota,
    serve,
    sheet,
    usage,
)
from koutu.cli.bucket.command import batch

app = typer.Typer(
    name="koutu",
    help="Cut people, products and things out of photos; or serve the imageseg API from your own machine.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Shell completion: koutu --install-completion.",
)
app.command(name="cut", no_args_is_help=True)(cut.cut)
app.command(name="id-photo", no_args_is_help=True)(id_photo.id_photo)
app.command(name="banner", no_args_is_help=True)(banner.banner)
app.command(name="sheet", no_args_is_help=True)(sheet.sheet)
app.command(name="doctor")(doctor.doctor)
app.command(name="batch", no_args_is_help=True)(batch)
app.command(name="serve")(serve.serve)
app.add_typer(models.app, name="models")
app.add_typer(accounts.app, name="accounts")
app.add_typer(keys.app, name="keys")
app.add_typer(quota.app, name="quota")
app.add_typer(prices.app, name="prices")
app.add_typer(packages.app, name="packages")
app.add_typer(payments.app, name="payments")
app.command(name="usage")(usage.usage)
app.command(name="invoice", no_args_is_help=True)(usage.invoice)
app.add_typer(cluster.app, name="cluster")

_BROKEN_PIPE = 141
_INTERRUPTED = 130


def main() -> None:
    """Run the command line; a reader that went away and Ctrl-C end it without a traceback."""
    try:
        app()
    except BrokenPipeError:
        # What is still buffered would raise once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_BROKEN_PIPE)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
