"""The tables of accounts, access keys, quotas and metering."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, DateTime, Dialect, Float, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both ways; SQLite keeps no zone, so it is taken off going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand an aware moment to the database in UTC."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An exact amount, kept as its decimal digits; SQLite would make a binary fraction of a number."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Hand the digits to the database."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Give back the exact amount."""
        return None if value is None else Decimal(value)


# SQLite numbers rows by itself only where the key is spelled INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The declarative base of the server's own tables."""


class Account(Base):
    """Whoever owns keys, results and jobs.

    `permission` names what is activated, in the spelling of `Permission`.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active: Mapped[bool] = mapped_column(Boolean)
    permission: Mapped[str] = mapped_column(Text)


class AccessKey(Base):
    """A pair of id and secret; the secret is sealed under a key that the database does not hold."""

    __tablename__ = "access_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"), index=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    active: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    permission: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TemporaryKey(Base):
    """A key that an access key was exchanged for: it ends by itself and may do no more than its parent."""

    __tablename__ = "temporary_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    parent_id: Mapped[str] = mapped_column(String(64), ForeignKey("access_keys.id"), index=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    session: Mapped[str] = mapped_column(String(64))
    permission: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QpsPlan(Base):
    """A stretch of time for which an account bought calls per second for an action; never changed once written."""

    __tablename__ = "qps_plans"
    __table_args__ = (Index("ix_qps_plans_account_action", "account_id", "action"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"))
    action: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    qps: Mapped[int] = mapped_column(Integer)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    price: Mapped[Decimal] = mapped_column(Money)
    bought_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QpsLimit(Base):
    """What an operator allows: calls per second for an account and an action; "*" stands for every one of them."""

    __tablename__ = "qps_limits"

    account: Mapped[str] = mapped_column(String(100), primary_key=True)
    action: Mapped[str] = mapped_column(String(64), primary_key=True)
    qps: Mapped[int] = mapped_column(Integer)


class QpsWindow(Base):
    """How many calls the newest second of an account and an action has seen, where servers count in the database."""

    __tablename__ = "qps_windows"

    account_id: Mapped[int] = mapped_column(RowId, primary_key=True)
    action: Mapped[str] = mapped_column(String(64), primary_key=True)
    second: Mapped[int] = mapped_column(BigInteger)
    calls: Mapped[int] = mapped_column(Integer)


class JobOutcome(Base):
    """What a successful job came to; written together with its ledger line, so that neither stands without the other."""

    __tablename__ = "job_outcomes"

    request_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LedgerEntry(Base):
    """One successful call; a request id stands here once at most, however often its job was restarted."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    request_id: Mapped[str] = mapped_column(String(36), unique=True)
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"), index=True)
    access_key_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    latency_ms: Mapped[float] = mapped_column(Float)
    pixels: Mapped[int] = mapped_column(BigInteger)
