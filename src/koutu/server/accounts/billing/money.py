"""Exact amounts of money and points: `Decimal` in the program, whole millionths in the database."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

from koutu.errors import InvalidParameter

ZERO = Decimal(0)
SCALE = 6
_UNIT = 10**SCALE
# What a signed 64-bit number of millionths holds, with room for sums.
LARGEST = Decimal(10) ** 11


class Exact(TypeDecorator[Decimal]):
    """A decimal number with six places; neither database sees a float, and both can add to it in place."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Millionths of the number."""
        if value is None:
            return None
        scaled = Decimal(value) * _UNIT
        assert scaled == scaled.to_integral_value(), f"{value} has more than {SCALE} places"
        return int(scaled)

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        """The number of these millionths; PostgreSQL's sums come as decimals themselves."""
        return None if value is None else plain(Decimal(int(value)) / _UNIT)


def amount(value: object, what: str, *, least: Decimal | None = ZERO) -> Decimal:
    """An exact number from text, a whole number or a decimal.

    Args:
        value: what was given; a float is refused, since it is no exact number.
        what: its name, for the message.
        least: the smallest that is allowed; None allows every one.

    Raises:
        InvalidParameter: it is no number, below `least`, too large, or has more than six places.
    """
    try:
        number = Decimal(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise InvalidParameter(f'{what} must be a number in decimal form, such as 20 or "0.007"; it is {value!r}.')
    if abs(number) >= LARGEST or number != round(number, SCALE):
        raise InvalidParameter(f"{what} must be below {LARGEST:,.0f} and have at most {SCALE} places; it is {value}.")
    if least is not None and number < least:
        raise InvalidParameter(f"{what} must not be below {least}; it is {value}.")
    return plain(number)


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()


def show(number: Decimal) -> str:
    """The number in digits, never with an exponent: 0.007, 1200, -3.5."""
    return f"{plain(number):f}"


def rounded(number: Decimal, places: int) -> Decimal:
    """The number at the currency's smallest unit, half a unit rounded up in size."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
