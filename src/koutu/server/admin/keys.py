"""Routes of access keys and of the temporary keys that they are exchanged for."""

from datetime import timedelta

from fastapi import APIRouter

from koutu.server.accounts import keys
from koutu.server.accounts.permission import Permission
from koutu.server.accounts.temporary import NewTemporaryKey, TemporaryKeyInfo
from koutu.server.admin.access import Office
from koutu.server.admin.models import (
    Key,
    KeyChange,
    KeySecret,
    NewKey,
    Rotation,
    Temporary,
    TemporaryOrder,
    TemporarySecret,
)

router = APIRouter(tags=["keys"])


@router.get("/keys", response_model=list[Key])
def list_keys(office: Office, account: str | None = None) -> list[keys.KeyInfo]:
    """List the access keys, or one account's, without their secrets."""
    return office.keys.all(account)


@router.post("/keys", response_model=KeySecret, status_code=201)
def create_key(office: Office, order: NewKey) -> keys.NewKey:
    """Make an access key; the account is made too where it is new. The secret is shown this once."""
    return office.keys.create(
        account=order.account,
        note=order.note,
        access_key_id=order.access_key_id,
        access_key_secret=order.access_key_secret,
        permission=Permission.of(order.permission),
        expires_at=order.expires_at,
    )


@router.get("/keys/{access_key_id}", response_model=Key)
def get_key(office: Office, access_key_id: str) -> keys.KeyInfo:
    """Show one access key."""
    return office.keys.get(access_key_id)


@router.patch("/keys/{access_key_id}", response_model=Key)
def change_key(office: Office, access_key_id: str, change: KeyChange) -> keys.KeyInfo:
    """Disable or enable a key, set what it may call, or when it ends."""
    if change.permission is not None:
        office.keys.permit(access_key_id, Permission.of(change.permission))
    if "expires_at" in change.model_fields_set:
        office.keys.expire(access_key_id, change.expires_at)
    if change.active is not None:
        (office.keys.enable if change.active else office.keys.disable)(access_key_id)
    return office.keys.get(access_key_id)


@router.post("/keys/{access_key_id}/rotation", response_model=KeySecret, status_code=201)
def rotate_key(office: Office, access_key_id: str, order: Rotation) -> keys.NewKey:
    """Make a key like this one, and have this one end."""
    return office.keys.rotate(access_key_id, overlap=timedelta(seconds=order.overlap_seconds))


@router.post("/keys/{access_key_id}/temporary", response_model=TemporarySecret, status_code=201)
def issue_temporary(office: Office, access_key_id: str, order: TemporaryOrder) -> NewTemporaryKey:
    """Issue a temporary key for this one. Secret and token are shown this once."""
    permission = Permission.of(order.permission)
    return office.temporary.issue(access_key_id, session=order.session, seconds=order.seconds, permission=permission)


@router.get("/temporary-keys", response_model=list[Temporary])
def list_temporary(office: Office, account: str | None = None) -> list[TemporaryKeyInfo]:
    """List the temporary keys that have not expired."""
    return office.temporary.all(account)


@router.delete("/temporary-keys/{access_key_id}", response_model=Temporary)
def revoke_temporary(office: Office, access_key_id: str) -> TemporaryKeyInfo:
    """Shut a temporary key out for good."""
    return office.temporary.revoke(access_key_id)
