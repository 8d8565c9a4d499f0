"""Routes of accounts."""

from fastapi import APIRouter

from koutu.server.accounts.accounts import AccountInfo
from koutu.server.accounts.permission import Permission
from koutu.server.admin.access import Office
from koutu.server.admin.models import Account, AccountChange, NewAccount

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.get("", response_model=list[Account])
def list_accounts(office: Office) -> list[AccountInfo]:
    """List the accounts, oldest first."""
    return office.accounts.all()


@router.post("", response_model=Account, status_code=201)
def create_account(office: Office, order: NewAccount) -> AccountInfo:
    """Make an account."""
    return office.accounts.create(order.name, Permission.of(order.permission))


@router.get("/{name}", response_model=Account)
def get_account(office: Office, name: str) -> AccountInfo:
    """Show one account."""
    return office.accounts.get(name)


@router.patch("/{name}", response_model=Account)
def change_account(office: Office, name: str, change: AccountChange) -> AccountInfo:
    """Open or close an account, or set what is activated for it."""
    if change.permission is not None:
        office.accounts.permit(name, Permission.of(change.permission))
    if change.active is not None:
        office.accounts.set_active(name, change.active)
    return office.accounts.get(name)
