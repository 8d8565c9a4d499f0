"""Ready code for a call that was just made; keys are read from the environment, so no secret stands in a page."""

from koutu.server.console.snippets.call import Call, Input
from koutu.server.console.snippets.cli import cli
from koutu.server.console.snippets.curl import curl
from koutu.server.console.snippets.javascript import javascript
from koutu.server.console.snippets.library import library
from koutu.server.console.snippets.new_python import new_python
from koutu.server.console.snippets.old_python import old_python

__all__ = ["KINDS", "Call", "Input", "snippets"]

KINDS = {
    "new-python": new_python,
    "old-python": old_python,
    "javascript": javascript,
    "curl": curl,
    "library": library,
    "cli": cli,
}


def snippets(call: Call) -> dict[str, str]:
    """The code of every kind that knows the call."""
    return {kind: write(call) for kind, write in KINDS.items()}
