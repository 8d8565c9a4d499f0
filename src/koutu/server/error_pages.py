"""A page for every error code: what `Recommend` in an error's answer leads to."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from koutu.contract import ERRORS

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{code}</title>
<h1>{code}</h1>
<p>HTTP status {status}: {when}.</p>
<p>{cure}</p>
"""
_UNKNOWN = {"code": "Unknown", "status": 404, "when": "there is no such error code", "cure": "Mind its spelling."}


async def error_page(request: Request) -> Response:
    """Explain one code."""
    entry = ERRORS.get(request.path_params["code"])
    if entry is None:
        return HTMLResponse(_PAGE.format(**_UNKNOWN), 404)
    texts = {"code": escape(entry.code), "when": escape(entry.when), "cure": escape(entry.cure)}
    return HTMLResponse(_PAGE.format(status=entry.status, **texts))
