"""Routes of usage and invoices, as JSON or as CSV."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from koutu.server.accounts.billing import invoice as invoices
from koutu.server.accounts.billing.usage import usage, usage_csv
from koutu.server.admin.access import Office
from koutu.server.admin.billing_models import Invoice, Usage

router = APIRouter(tags=["usage"])

Format = Annotated[Literal["json", "csv"], Query(alias="format", description="csv answers with text/csv.")]
_CSV = {"text/csv": {"schema": {"type": "string"}}}


@router.get("/usage", response_model=list[Usage], responses={200: {"content": _CSV}})
def list_usage(
    office: Office, account: str | None = None, month: str | None = None, action: str | None = None, form: Format = "json"
) -> object:
    """Calls by account, month (2026-03) and action, and what they were paid with."""
    rows = usage(office.database, account=account, month=month, action=action)
    return _csv(usage_csv(rows), "usage") if form == "csv" else rows


@router.get("/invoices/{account}/{month}", response_model=Invoice, responses={200: {"content": _CSV}})
def get_invoice(office: Office, account: str, month: str, form: Format = "json") -> object:
    """The bill of an account for a month (2026-03), line by line; that of the running month is what it comes to so far."""
    found = invoices.invoice(office.database, account, month, office.clock)
    return _csv(invoices.invoice_csv(found), f"invoice-{month}") if form == "csv" else found


def _csv(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
