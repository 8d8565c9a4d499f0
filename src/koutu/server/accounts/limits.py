"""How many calls per second an account has for an action."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.database import Database
from koutu.server.accounts.permission import EVERYTHING, GRANTED
from koutu.server.accounts.tables import Account, QpsLimit

FREE_QPS = 2
"""What the documented quota gives every account for every action."""

Mode = Literal["off", "documented", "custom"]
MOST_QPS = 100_000


@dataclass(frozen=True, slots=True)
class LimitInfo:
    """A limit that the operator set; "*" stands for every account or action that has none of its own."""

    account: str
    action: str
    qps: int


class Limits:
    """The operator's own limits, which count with KOUTU_QUOTAS=custom. Every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.sqlite else postgresql).insert

    def set(self, qps: int, account: str = EVERYTHING, action: str = EVERYTHING) -> LimitInfo:
        """Allow so many calls per second; 0 allows none.

        Raises:
            InvalidParameter: there is no such account or action, or the number is out of range.
        """
        if not 0 <= qps <= MOST_QPS:
            raise InvalidParameter(f"A limit is 0 to {MOST_QPS} calls per second, not {qps}.")
        if action != EVERYTHING and action not in GRANTED:
            raise InvalidParameter(f"There is no action {action[:60]!r}; * is every action.")
        with self._database.write() as connection:
            if account != EVERYTHING:
                find_account(connection, account)
            statement = self._insert(QpsLimit).values(account=account, action=action, qps=qps)
            connection.execute(statement.on_conflict_do_update(index_elements=["account", "action"], set_={"qps": qps}))
        return LimitInfo(account, action, qps)

    def clear(self, account: str = EVERYTHING, action: str = EVERYTHING) -> None:
        """Take a limit away.

        Raises:
            InvalidParameter: there is none.
        """
        mine = (QpsLimit.account == account, QpsLimit.action == action)
        with self._database.write() as connection:
            if not connection.execute(delete(QpsLimit).where(*mine)).rowcount:
                raise InvalidParameter(f"There is no limit for account {account!r} and action {action!r}.")

    def all(self) -> list[LimitInfo]:
        """Every limit that was set."""
        query = select(QpsLimit.account, QpsLimit.action, QpsLimit.qps).order_by(QpsLimit.account, QpsLimit.action)
        with self._database.read() as connection:
            return [LimitInfo(*row) for row in connection.execute(query)]


def limit_for(connection: Connection, mode: Mode, account_id: int, action: str, prepaid: int | None) -> int | None:
    """How many calls per second an account has for an action; None = as many as it likes.

    Args:
        connection: to read the operator's limits with.
        mode: KOUTU_QUOTAS.
        account_id: the account.
        action: the action.
        prepaid: what a plan holds at this moment; it never makes the limit smaller.
    """
    if mode == "off":
        return None
    base = FREE_QPS if mode == "documented" else _custom(connection, account_id, action)
    return base if base is None or prepaid is None else max(base, prepaid)


def _custom(connection: Connection, account_id: int, action: str) -> int | None:
    """The operator's most exact limit: account and action, then the account, then the action, then everyone's."""
    name = select(Account.name).where(Account.id == account_id).scalar_subquery()
    own, exact = QpsLimit.account != EVERYTHING, QpsLimit.action != EVERYTHING
    query = (
        select(QpsLimit.qps)
        .where(QpsLimit.account.in_([EVERYTHING, name]), QpsLimit.action.in_([EVERYTHING, action]))
        .order_by(case((own, 1), else_=0).desc(), case((exact, 1), else_=0).desc())
        .limit(1)
    )
    return connection.scalar(query)
