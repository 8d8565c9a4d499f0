"""The documents that the admin API takes and gives."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from koutu.server.accounts.plans import Kind, Period


class Document(BaseModel):
    """Reads the attributes of a service's answer; refuses fields that it does not know."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Problem(BaseModel):
    """What went wrong, in the API's own error codes."""

    Code: str
    Message: str


def _names(value: Any) -> Any:
    return list(value.names) if hasattr(value, "names") else value


Names = Annotated[list[str], BeforeValidator(_names), Field(description='Actions, families, or "*" for everything.')]


class Account(Document):
    """An account."""

    id: int
    name: str
    active: bool
    permission: Names
    created_at: datetime


class NewAccount(Document):
    """An account to be made."""

    name: str
    permission: Names = ["*"]


class AccountChange(Document):
    """What of an account is to change."""

    active: bool | None = None
    permission: Names | None = None


class Key(Document):
    """An access key without its secret."""

    access_key_id: str
    account: str
    active: bool
    note: str
    permission: Names
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class KeySecret(Document):
    """A new access key; its secret is shown this once."""

    access_key_id: str
    access_key_secret: str


class NewKey(Document):
    """A key to be made; id and secret may be brought along."""

    account: str = "default"
    note: str = ""
    permission: Names = ["*"]
    expires_at: AwareDatetime | None = None
    access_key_id: str | None = None
    access_key_secret: str | None = None


class KeyChange(Document):
    """What of a key is to change; `expires_at` null takes its end away."""

    active: bool | None = None
    permission: Names | None = None
    expires_at: AwareDatetime | None = None


class Rotation(Document):
    """How long the old key stays good."""

    overlap_seconds: int = Field(default=0, ge=0)


class TemporaryOrder(Document):
    """A temporary key to be issued for an access key."""

    session: str = "admin"
    seconds: int = 3600
    permission: Names = ["*"]


class TemporarySecret(Document):
    """A new temporary key; its secret and token are shown this once."""

    access_key_id: str
    access_key_secret: str
    security_token: str
    expires_at: datetime


class Temporary(Document):
    """A temporary key without its secret."""

    access_key_id: str
    parent: str
    account: str
    session: str
    permission: Names
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class Limit(Document):
    """Calls per second; "*" stands for every account or action that has no limit of its own."""

    account: str = "*"
    action: str = "*"
    qps: int


class Quota(Document):
    """What an account has for an action at this moment; `limit` null = as much as it likes."""

    account: str
    action: str
    limit: int | None
    prepaid: int | None


class Plan(Document):
    """Calls per second that were bought for a stretch of time."""

    id: int
    account: str
    action: str
    kind: Kind
    qps: int
    starts_at: datetime
    ends_at: datetime
    price: Decimal
    bought_at: datetime


class Purchase(Document):
    """Calls per second to be bought."""

    account: str
    action: str
    qps: int
    count: int = 1
    period: Period = Period.MONTH


class Renewal(Document):
    """A running plan to be gone on with after its end."""

    account: str
    action: str
    count: int = 1
    period: Period = Period.MONTH


class Upgrade(Document):
    """A running plan to be raised: to its end, or for `days` from now or from `start`."""

    account: str
    action: str
    qps: int
    days: int | None = None
    start: AwareDatetime | None = None
