"""The command `koutu`."""

import typer

from koutu.cli import cut, keys, models, serve, sheet

app = typer.Typer(
    name="koutu",
    help="Cut people, products and things out of photos; or serve the imageseg API from your own machine.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(name="cut", no_args_is_help=True)(cut.cut)
app.command(name="sheet", no_args_is_help=True)(sheet.sheet)
app.command(name="serve")(serve.serve)
app.add_typer(models.app, name="models")
app.add_typer(keys.app, name="keys")
