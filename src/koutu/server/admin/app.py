"""The application that is mounted at /admin, and how its errors look."""

from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from koutu.errors import InvalidParameter, KoutuError
from koutu.server.admin import accounts, keys, packages, payments, plans, prices, quota, usage
from koutu.server.admin.access import check_token
from koutu.server.admin.models import Problem

# A module of routes has an APIRouter named `router`; here is where it is added.
_ROUTERS = (
    accounts.router,
    keys.router,
    quota.router,
    plans.router,
    prices.router,
    packages.router,
    payments.router,
    usage.router,
)
_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The request cannot be used; Code and Message say why."},
    401: {"model": Problem, "description": "The admin token is absent or wrong."},
    404: {"model": Problem, "description": "What the path names does not exist."},
}


def create_admin() -> FastAPI:
    """The admin API; whoever mounts it sets `app.state.backoffice` before the first request."""
    app = FastAPI(
        title="Koutu admin API",
        description="Accounts, keys, quotas, plans, prices, packages, payments, usage and invoices. "
        "Every call carries `Authorization: Bearer <admin token>`.",
        version="1",
        # The pages of Swagger and ReDoc load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            KoutuError: _koutu_error,
            RequestValidationError: _invalid,
            HTTPException: _http_error,
        },
    )
    for router in _ROUTERS:
        app.include_router(router, dependencies=[Depends(check_token)], responses=_RESPONSES)
    return app


async def _koutu_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KoutuError)
    return _problem(error.status, error.code, error.message)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = "; ".join(f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in error.errors())
    return _problem(400, InvalidParameter.code, faults)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {401: "Unauthorized", 404: "NotFound", 405: "MethodNotAllowed"}.get(error.status_code, "InvalidParameter")
    return JSONResponse({"Code": code, "Message": error.detail}, error.status_code, error.headers)


def _problem(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"Code": code, "Message": message}, status)
