"""Whether an account may make one more call in this second."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from koutu.errors import Throttling
from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.database import Database
from koutu.server.accounts.limits import Mode, limit_for
from koutu.server.accounts.permission import GRANTED
from koutu.server.accounts.plans import qps_at
from koutu.server.accounts.windows import Windows


@dataclass(frozen=True, slots=True)
class QuotaInfo:
    """What an account has for an action at a moment; None: as much as it likes, and nothing prepaid."""

    account: str
    action: str
    limit: int | None
    prepaid: int | None


class Quota:
    """Counts calls. Every method blocks.

    Args:
        mode: KOUTU_QUOTAS.
        windows: where calls are counted.
    """

    def __init__(self, mode: Mode, windows: Windows) -> None:
        self.mode = mode
        self._windows = windows

    def limit(self, connection: Connection, account_id: int, action: str, now: datetime) -> int | None:
        """The calls per second that count at this moment; None = as many as the account likes."""
        if self.mode == "off":
            return None
        return limit_for(connection, self.mode, account_id, action, qps_at(connection, account_id, action, now))

    def take(self, account_id: int, action: str, limit: int, now: datetime) -> None:
        """Count a call.

        Raises:
            Throttling: this second's calls are used up; it says when the next second begins.
        """
        if not self._windows.take(account_id, action, int(now.timestamp()), limit):
            wait = 1 - now.microsecond / 1_000_000
            raise Throttling(f"This second's {limit} calls of {action} are used up.", retry_after_s=wait)


def quotas_of(database: Database, mode: Mode, account: str, now: datetime) -> list[QuotaInfo]:
    """What an account has for every action at a moment.

    Raises:
        InvalidParameter: there is no such account.
    """
    with database.read() as connection:
        owner = find_account(connection, account).id
        prepaid = {action: qps_at(connection, owner, action, now) for action in GRANTED}
        return [
            QuotaInfo(account, action, limit_for(connection, mode, owner, action, had), had) for action, had in prepaid.items()
        ]
