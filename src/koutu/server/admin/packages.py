"""Routes of packages of points."""

from fastapi import APIRouter

from koutu.server.accounts.billing.packages import PackageInfo
from koutu.server.admin.access import Office
from koutu.server.admin.billing_models import Package, PackageOrder, PackageVoid

router = APIRouter(prefix="/packages", tags=["packages"])


@router.get("", response_model=list[Package])
def list_packages(office: Office, account: str | None = None) -> list[PackageInfo]:
    """List the packages, or one account's, oldest first. The state `low` is the warning that little is left."""
    return office.packages.all(account)


@router.post("", response_model=Package, status_code=201)
def sell_package(office: Office, order: PackageOrder) -> PackageInfo:
    """Sell an account a package; its price goes onto the balance."""
    return office.packages.buy(
        order.account, order.action, order.points, price=order.price, on_credit=order.on_credit, note=order.note
    )


@router.get("/{package_id}", response_model=Package)
def get_package(office: Office, package_id: int) -> PackageInfo:
    """Show one package."""
    return office.packages.get(package_id)


@router.post("/{package_id}/void", response_model=Package)
def void_package(office: Office, package_id: int, order: PackageVoid) -> PackageInfo:
    """Take a package back and refund what is left of it."""
    return office.packages.void(package_id, refund=order.refund, note=order.note)
