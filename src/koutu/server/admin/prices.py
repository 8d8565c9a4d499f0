"""Routes of price books."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from koutu.server.accounts.billing.book import documented_text
from koutu.server.accounts.billing.books import BookInfo
from koutu.server.admin.access import Office
from koutu.server.admin.billing_models import PriceBook, PriceBookOrder

router = APIRouter(prefix="/price-books", tags=["price books"])


@router.get("", response_model=list[PriceBook])
def list_price_books(office: Office) -> list[BookInfo]:
    """List the price books in the order in which they begin to count."""
    return office.prices.all()


@router.post("", response_model=PriceBook, status_code=201)
def adopt_price_book(office: Office, order: PriceBookOrder) -> BookInfo:
    """Have a price book count from now or from a later moment on."""
    return office.prices.adopt(documented_text() if order.toml is None else order.toml, order.starts_at)


@router.get("/documented", response_class=PlainTextResponse)
def get_documented() -> str:
    """The documented price list as TOML, to start a book of your own from."""
    return documented_text()


@router.get("/{book_id}", response_class=PlainTextResponse)
def get_price_book(office: Office, book_id: int) -> str:
    """A price book as TOML."""
    return office.prices.text(book_id)


@router.delete("/{book_id}", response_model=PriceBook)
def withdraw_price_book(office: Office, book_id: int) -> BookInfo:
    """Take back a price book that does not count yet."""
    return office.prices.withdraw(book_id)
