"""Code for Koutu's own library, which needs no server."""

from koutu.contract.parameters import parse_parameters
from koutu.contract.python_names import python_name
from koutu.server.console.snippets.call import Call


def library(call: Call) -> str:
    """A script for `import koutu`."""
    fetched = [image for image in call.images if image.sample]
    typed = parse_parameters(call.action, call.wire)
    names = [f'"{image.name}"' for image in call.images]
    # Async is a matter of servers alone.
    rest = {name: value for name, value in typed.items() if name in {key.partition(".")[0] for key in call.params}}
    names += [f"{python_name(name)}={value!r}" for name, value in rest.items() if name != "Async"]
    lines = [
        "# pip install koutu; koutu models install",
        *(["import urllib.request", ""] if fetched else []),
        "import koutu",
        "",
        *(f'urllib.request.urlretrieve("{image.url}", "{image.name}")' for image in fetched),
        f"result = koutu.{call.action.function}({', '.join(names)})",
        'result.save("result.png")',
        "print(result)",
    ]
    return "\n".join(lines) + "\n"
