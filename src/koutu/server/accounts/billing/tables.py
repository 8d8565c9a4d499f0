"""The tables of billing."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from koutu.server.accounts.billing.money import Exact
from koutu.server.accounts.tables import Base, RowId, UtcDateTime


class PriceBookRow(Base):
    """A price book and since when it counts, until a later one does; a withdrawn one never did."""

    __tablename__ = "price_books"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    currency: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Balance(Base):
    """What an account has: the sum of its postings less that of its charges, kept up to date with both."""

    __tablename__ = "balances"

    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    balance: Mapped[Decimal] = mapped_column(Exact)
    credit: Mapped[Decimal] = mapped_column(Exact)
    arrears_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Package(Base):
    """Points that an account bought; `action` is None where every action may draw from it."""

    __tablename__ = "packages"
    __table_args__ = (Index("ix_packages_account_id_expires_at", "account_id", "expires_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"))
    action: Mapped[str | None] = mapped_column(String(64))
    points: Mapped[Decimal] = mapped_column(Exact)
    left: Mapped[Decimal] = mapped_column("points_left", Exact)
    warn_at: Mapped[Decimal] = mapped_column(Exact)
    price: Mapped[Decimal] = mapped_column(Exact)
    first_offer: Mapped[bool] = mapped_column(Boolean)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Posting(Base):
    """Money that an account paid, got back or was asked for beside its calls; never changed once written.

    `amount` is what it does to the balance. `reverses` names the posting that it takes back in part or in whole.
    """

    __tablename__ = "postings"
    __table_args__ = (Index("ix_postings_account_id_month", "account_id", "month"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    month: Mapped[str] = mapped_column(String(7))
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Exact)
    package_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("packages.id"))
    reverses: Mapped[int | None] = mapped_column(RowId, ForeignKey("postings.id"), index=True)
    reference: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(200))


class Charge(Base):
    """What one line of the ledger was paid with and what it cost; there is one for every line."""

    __tablename__ = "charges"
    __table_args__ = (Index("ix_charges_account_id_month", "account_id", "month"),)

    request_id: Mapped[str] = mapped_column(String(36), ForeignKey("ledger.request_id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"))
    action: Mapped[str] = mapped_column(String(64))
    month: Mapped[str] = mapped_column(String(7))
    means: Mapped[str] = mapped_column(String(20))
    points: Mapped[Decimal] = mapped_column(Exact)
    amount: Mapped[Decimal] = mapped_column(Exact)
    price_book_id: Mapped[int | None] = mapped_column(RowId, ForeignKey("price_books.id"))


class PackageDraw(Base):
    """Points that a call took from a package."""

    __tablename__ = "package_draws"

    request_id: Mapped[str] = mapped_column(String(36), ForeignKey("ledger.request_id"), primary_key=True)
    package_id: Mapped[int] = mapped_column(RowId, ForeignKey("packages.id"), primary_key=True, index=True)
    points: Mapped[Decimal] = mapped_column(Exact)


class MonthCount(Base):
    """How many calls of an action an account has paid as it went in a month: the place in the tiers."""

    __tablename__ = "month_counts"

    account_id: Mapped[int] = mapped_column(RowId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    action: Mapped[str] = mapped_column(String(64), primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
