"""Price books: the documented list, and what operators get wrong."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.book import documented_text, parse_book


def test_the_documented_list_holds_the_published_prices() -> None:
    book = parse_book(documented_text())
    assert {action: [(tier.up_to, str(tier.price)) for tier in tiers] for action, tiers in book.pay_as_you_go.items()} == {
        "SegmentHDBody": [(None, "0.007")],
        "SegmentHead": [(10_000, "0.006"), (5_000_000, "0.005"), (None, "0.004")],
        "SegmentHDCommonImage": [(None, "0.007")],
        "SegmentHDSky": [(None, "0.007")],
        "RefineMask": [(None, "0.007")],
        "SegmentFood": [(None, "0.005")],
    }
    terms = book.packages
    assert [(int(offer.points), int(offer.list_price), int(offer.price)) for offer in terms.offers] == [
        (10_000, 20, 20),
        (50_000, 100, 95),
        (250_000, 500, 450),
        (2_500_000, 5_000, 4_000),
        (25_000_000, 50_000, 35_000),
        (100_000_000, 200_000, 120_000),
    ]
    assert [offer.first_price for offer in terms.offers] == [Decimal("0.01"), None, None, None, None, None]
    assert (terms.points_per_call["SegmentHead"], terms.points_per_call["SegmentFood"]) == (3, Decimal("2.5"))
    assert (book.currency, terms.valid_days, terms.warn_below, terms.general) == ("CNY", 365, Decimal("0.2"), False)
    assert not book.billed("SegmentBody")
    assert len(book.prepaid_qps) == 5


def test_the_month_is_that_of_the_books_time_zone() -> None:
    book = parse_book(documented_text())
    assert book.month(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == "2026-02"
    assert book.month(datetime(2026, 2, 28, 16, 0, 0, tzinfo=UTC)) == "2026-03"


def test_a_small_book_of_ones_own() -> None:
    book = parse_book(
        'name = "house"\ncurrency = "EUR"\n[pay_as_you_go]\nSegmentBody = [{price = 0.25}]\nSegmentSky = [{price = 0}]'
    )
    assert book.pay_as_you_go["SegmentBody"][0].price == Decimal("0.25")
    assert (book.time_zone, book.arrears_hours) == ("UTC", 24)
    assert not book.billed("SegmentSky")


HEAD = 'name = "x"\ncurrency = "EUR"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not TOML"),
        ('name = "x"', "currency must be a text"),
        (HEAD + "pay_as_you_go = 3", "pay_as_you_go must be a table"),
        (HEAD + "[pay_as_you_go]\nSegmentbody = [{price = 1}]", "pay_as_you_go.Segmentbody: there is no such action"),
        (HEAD + "[pay_as_you_go]\nSegmentBody = []", "at least one tier"),
        (HEAD + "[pay_as_you_go]\nSegmentBody = 1", "must be a list"),
        (HEAD + "[pay_as_you_go]\nSegmentBody = [{up_to = 5, price = 1}]", "the last tier must be without up_to"),
        (HEAD + "[pay_as_you_go]\nSegmentBody = [{price = 1}, {price = 2}]", "only the last tier may be without"),
        (
            HEAD + "[pay_as_you_go]\nSegmentBody = [{up_to = 5, price = 1}, {up_to = 5, price = 2}]",
            r"\[2\].up_to must be a whole",
        ),
        (HEAD + "[pay_as_you_go]\nSegmentBody = [{price = -1}]", r"SegmentBody\[1\].price must not be below 0"),
        (HEAD + "[pay_as_you_go]\nSegmentBody = [{price = nan}]", "price must be a number"),
        (HEAD + "[pay_as_you_go]\nSegmentBody = [{price = true}]", "price must be a number"),
        (HEAD + '[pay_as_you_go]\nSegmentBody = [{price = "0.0000001"}]', "at most 6 places"),
        (HEAD + '[pay_as_you_go]\nSegmentBody = [{price = "1e20"}]', "must be below"),
        (
            HEAD + "[pay_as_you_go]\nSegmentBody = [{prise = 1, price = 1}]",
            r"SegmentBody\[1\].prise is not known here; known are price",
        ),
        (HEAD + "[pay_as_you_go]\nSegmentBody = [{}]", "price is missing"),
        (HEAD + "arears_hours = 3", "arears_hours is not known here"),
        (HEAD + 'time_zone = "Mars/Base"', "time_zone must be a name"),
        (HEAD + 'time_zone = "../../etc/passwd"', "time_zone must be a name"),
        (HEAD + "decimals = 7", "decimals must be a whole number from 0 to 6"),
        (HEAD + "[packages.points_per_call]\nSegmentBody = 3", "packages are for actions that"),
        (
            HEAD + "[pay_as_you_go]\nSegmentBody = [{price = 1}]\n[packages.points_per_call]\nSegmentBody = 0",
            "more than 0 points",
        ),
        (HEAD + "[packages]\noffers = [{points = 1, price = 1}, {points = 1, price = 2}]", "differ from the other"),
        (HEAD + "[packages]\nwarn_below = 20", "below 1"),
        (HEAD + '[packages]\ngeneral = "yes"', "must be true or false"),
        (HEAD + "[prepaid_qps]\nSegmentBody = [{up_to = 10, per_day = 1}]", "per_month is missing"),
    ],
)
def test_a_wrong_book_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        parse_book(text)
