"""Which price book counts from when. A change counts from its moment on, in every process, without a restart."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, exists, insert, select, update

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.book import NO_PRICES, PriceBook, parse_book
from koutu.server.accounts.billing.tables import Charge, Posting, PriceBookRow
from koutu.server.accounts.database import Database
from koutu.server.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class BookInfo:
    """A price book as it is listed; `in_force` is whether it counts at this moment."""

    id: int
    name: str
    currency: str
    starts_at: datetime
    created_at: datetime
    withdrawn_at: datetime | None
    in_force: bool


class PriceBooks:
    """The price books in the database. Every method blocks."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def adopt(self, text: str, starts_at: datetime | None = None) -> BookInfo:
        """Have a price book count from now or from a later moment on, until the next one does.

        Raises:
            InvalidParameter: the book is not sound, its start is past, or money of another currency stands in the accounts.
        """
        book = parse_book(text)
        now = self._clock()
        start = now if starts_at is None else starts_at
        if start.tzinfo is None:
            raise InvalidParameter("The start of a price book needs a time zone, such as 2027-01-01T00:00:00+08:00.")
        if start < now:
            raise InvalidParameter("A price book starts now or later; calls of before have been charged already.")
        with self._database.write() as connection:
            _refuse_other_currency(connection, book, start, now)
            values = {"name": book.name, "currency": book.currency, "document": text, "starts_at": start, "created_at": now}
            number = connection.execute(insert(PriceBookRow).values(values).returning(PriceBookRow.id)).scalar_one()
            return _info(_row(connection, number), book_at(connection, now)[0])

    def withdraw(self, book_id: int) -> BookInfo:
        """Take back a price book that does not count yet.

        Raises:
            InvalidParameter: there is none of this number, or it counts already.
        """
        with self._database.write() as connection:
            row, now = _row(connection, book_id), self._clock()
            if row.withdrawn_at is not None:
                raise InvalidParameter(f"Price book {book_id} is withdrawn already.")
            if row.starts_at <= now:
                raise InvalidParameter(f"Price book {book_id} counts already; adopt another one to follow it.")
            connection.execute(update(PriceBookRow).where(PriceBookRow.id == book_id).values(withdrawn_at=now))
            return _info(_row(connection, book_id), None)

    def all(self) -> list[BookInfo]:
        """Every price book in the order of their starts."""
        with self._database.read() as connection:
            current = book_at(connection, self._clock())[0]
            rows = connection.execute(select(*_COLUMNS).order_by(PriceBookRow.starts_at, PriceBookRow.id))
            return [_info(row, current) for row in rows]

    def current(self) -> PriceBook:
        """The price book that counts at this moment; `NO_PRICES` where there is none."""
        with self._database.read() as connection:
            return book_at(connection, self._clock())[1]

    def text(self, book_id: int) -> str:
        """A price book as it was written.

        Raises:
            InvalidParameter: there is none of this number.
        """
        with self._database.read() as connection:
            text = connection.scalar(select(PriceBookRow.document).where(PriceBookRow.id == book_id))
        if text is None:
            raise InvalidParameter(f"There is no price book {book_id}.")
        return text


def book_at(connection: Connection, at: datetime) -> tuple[int | None, PriceBook]:
    """The price book that counts at a moment, with its number; None and `NO_PRICES` where there is none."""
    query = (
        select(PriceBookRow.id, PriceBookRow.document)
        .where(PriceBookRow.withdrawn_at.is_(None), PriceBookRow.starts_at <= at)
        .order_by(PriceBookRow.starts_at.desc(), PriceBookRow.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (None, NO_PRICES) if row is None else (row[0], parse_book(row[1]))


_Columns = Row[int, str, str, datetime, datetime, datetime | None]
_COLUMNS = (
    PriceBookRow.id,
    PriceBookRow.name,
    PriceBookRow.currency,
    PriceBookRow.starts_at,
    PriceBookRow.created_at,
    PriceBookRow.withdrawn_at,
)


def _row(connection: Connection, book_id: int) -> _Columns:
    row = connection.execute(select(*_COLUMNS).where(PriceBookRow.id == book_id)).one_or_none()
    if row is None:
        raise InvalidParameter(f"There is no price book {book_id}.")
    return row


def _info(row: _Columns, current: int | None) -> BookInfo:
    number, name, currency, starts_at, created_at, withdrawn_at = row
    return BookInfo(number, name, currency, starts_at, created_at, withdrawn_at, number == current)


def _refuse_other_currency(connection: Connection, book: PriceBook, start: datetime, now: datetime) -> None:
    """All money is of one currency: another one may only come at once, before there is any and with nothing to follow."""
    number, current = book_at(connection, now)
    coming = select(PriceBookRow.currency).where(PriceBookRow.withdrawn_at.is_(None), PriceBookRow.starts_at > now)
    pending = list(connection.scalars(coming))
    others = ({current.currency} if number is not None else set()) | set(pending)
    if others <= {book.currency}:
        return
    money = connection.scalar(select(exists().select_from(Posting))) or connection.scalar(
        select(exists().where(Charge.amount != 0))
    )
    if money or pending or start > now:
        raise InvalidParameter(
            f"The accounts are kept in {' and '.join(sorted(others))}; prices in {book.currency} could only start at once, "
            "before anything was paid or charged and with no other price book to come."
        )
