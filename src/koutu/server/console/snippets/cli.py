"""Code for Koutu's own command line, which needs no server."""

import shlex

from koutu.contract import Form
from koutu.contract.python_names import command_name
from koutu.server.console.snippets.call import Call


def cli(call: Call) -> str:
    """A shell command."""
    photo, *others = (shlex.quote(image.name) for image in call.images)
    form = call.action.form(call.params.get("ReturnForm"))
    words = ["koutu cut", command_name(call.action), photo]
    words += [f"--with {name}" for name in others]
    words += [f"--form {form.value}"] if form is not call.action.form(None) and form is not Form.RGBA else []
    fetch = [f"curl -sSo {shlex.quote(image.name)} {shlex.quote(image.url)}" for image in call.images if image.sample]
    return "\n".join(["# pip install koutu; koutu models install", *fetch, " ".join([*words, "-o result.png"])]) + "\n"
