"""Who may use the admin API, and what its routes work on."""

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from koutu.server.accounts.backoffice import Backoffice

_bearer = HTTPBearer(auto_error=False, description="KOUTU_ADMIN_TOKEN")


def backoffice(request: Request) -> Backoffice:
    """The services of the running server."""
    found: Backoffice = request.app.state.backoffice
    return found


Office = Annotated[Backoffice, Depends(backoffice)]


def check_token(office: Office, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    """Let a request pass that carries the admin token; where none is set, none does."""
    token = office.settings.admin_token
    if not token:
        raise HTTPException(404, "The admin API is off; KOUTU_ADMIN_TOKEN turns it on.")
    if given is None or not hmac.compare_digest(given.credentials.encode(), token.encode()):
        raise HTTPException(401, "The admin token is absent or wrong.", {"WWW-Authenticate": "Bearer"})
