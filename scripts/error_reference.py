"""Write docs/errors.md, the reference of error codes, from the contract; with --check only say whether it is fresh."""

import sys
from pathlib import Path

from koutu.contract import ERRORS

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
HEAD = """# Error codes

Made from the contract by `scripts/error_reference.py`; do not edit.

An error's answer is `{RequestId, HostId, Code, Message, Recommend}` with the HTTP status of its code; with `Format=XML` it is
an `<Error>` of the same fields. `Message` says what was wrong with this very request, `Recommend` leads to the code's page on
the server that answered (`/errors/{code}`). Refused calls are not metered and leave no file behind. In an asynchronous call,
whatever is found wrong once the job runs stands as ErrorCode and ErrorMessage in the job's state.

Uploads (PostObject) and result links answer as an object store does, with an XML `<Error>` of its own codes: AccessDenied,
InvalidAccessKeyId, SignatureDoesNotMatch, InvalidArgument, MalformedPOSTRequest, EntityTooLarge, RequestTimeout, NoSuchKey.
"""


def render() -> str:
    """The page's text."""
    entries = sorted(ERRORS.values(), key=lambda entry: (entry.status, entry.code))
    sections = [
        f"## {entry.code}\n\nHTTP {entry.status}\n\n**Cause:** {entry.when}.\n\n**Cure:** {entry.cure}\n" for entry in entries
    ]
    return "\n".join([HEAD, *sections])


def main() -> int:
    """Write or check the page."""
    if "--check" in sys.argv:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == render() else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
