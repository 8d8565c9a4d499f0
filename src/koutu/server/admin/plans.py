"""Routes of prepaid calls per second."""

from fastapi import APIRouter

from koutu.errors import InvalidParameter
from koutu.server.accounts.plans import PlanInfo
from koutu.server.admin.access import Office
from koutu.server.admin.models import Plan, Purchase, Renewal, Upgrade

router = APIRouter(prefix="/plans", tags=["plans"])


@router.get("", response_model=list[Plan])
def list_plans(office: Office, account: str | None = None) -> list[PlanInfo]:
    """List what was bought, oldest first."""
    return office.plans.all(account)


@router.post("", response_model=Plan, status_code=201)
def buy_plan(office: Office, order: Purchase) -> PlanInfo:
    """Buy calls per second."""
    return office.plans.buy(order.account, order.action, order.qps, order.count, order.period)


@router.post("/renewals", response_model=Plan, status_code=201)
def renew_plan(office: Office, order: Renewal) -> PlanInfo:
    """Go on with a running plan after its end."""
    return office.plans.renew(order.account, order.action, order.count, order.period)


@router.post("/upgrades", response_model=Plan, status_code=201)
def upgrade_plan(office: Office, order: Upgrade) -> PlanInfo:
    """Raise a running plan, to its end or for some days."""
    if order.days is not None:
        return office.plans.upgrade_for(order.account, order.action, order.qps, order.days, order.start)
    if order.start is not None:
        raise InvalidParameter("start goes with days.")
    return office.plans.upgrade(order.account, order.action, order.qps)
