"""Routes of quotas and of the limits that an operator sets."""

from fastapi import APIRouter

from koutu.server.accounts.limits import LimitInfo
from koutu.server.accounts.quota import QuotaInfo, quotas_of
from koutu.server.admin.access import Office
from koutu.server.admin.models import Limit, Quota

router = APIRouter(tags=["quota"])


@router.get("/quota", response_model=list[Quota])
def list_quota(office: Office, account: str) -> list[QuotaInfo]:
    """What an account has for every action at this moment."""
    return quotas_of(office.database, office.settings.quotas, account, office.clock())


@router.get("/limits", response_model=list[Limit])
def list_limits(office: Office) -> list[LimitInfo]:
    """List the limits that were set; they count with KOUTU_QUOTAS=custom."""
    return office.limits.all()


@router.put("/limits", response_model=Limit)
def set_limit(office: Office, limit: Limit) -> LimitInfo:
    """Set a limit."""
    return office.limits.set(limit.qps, limit.account, limit.action)


@router.delete("/limits", status_code=204)
def clear_limit(office: Office, account: str = "*", action: str = "*") -> None:
    """Take a limit away."""
    office.limits.clear(account, action)
