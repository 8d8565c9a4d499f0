"""Price books, balances, packages, postings, and what every line of the ledger cost."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
# Whole millionths.
_EXACT = sa.BigInteger()


def upgrade() -> None:
    """Create the tables; calls of before are free, since no price book counted then."""
    op.create_table(
        "price_books",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("currency", sa.String(10), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
    )
    op.create_index("ix_price_books_starts_at", "price_books", ["starts_at"])
    op.create_table(
        "balances",
        sa.Column("account_id", _ROW_ID, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
        sa.Column("balance", _EXACT, nullable=False),
        sa.Column("credit", _EXACT, nullable=False),
        sa.Column("arrears_since", _MOMENT, nullable=True),
    )
    op.create_table(
        "packages",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("account_id", _ROW_ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("action", sa.String(64), nullable=True),
        sa.Column("points", _EXACT, nullable=False),
        sa.Column("points_left", _EXACT, nullable=False),
        sa.Column("warn_at", _EXACT, nullable=False),
        sa.Column("price", _EXACT, nullable=False),
        sa.Column("first_offer", sa.Boolean, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("warned_at", _MOMENT, nullable=True),
        sa.Column("voided_at", _MOMENT, nullable=True),
    )
    op.create_index("ix_packages_account_id_expires_at", "packages", ["account_id", "expires_at"])
    op.create_table(
        "postings",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("account_id", _ROW_ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", _EXACT, nullable=False),
        sa.Column("package_id", _ROW_ID, sa.ForeignKey("packages.id"), nullable=True),
        sa.Column("reverses", _ROW_ID, sa.ForeignKey("postings.id"), nullable=True),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
    )
    op.create_index("ix_postings_account_id_month", "postings", ["account_id", "month"])
    op.create_index("ix_postings_reverses", "postings", ["reverses"])
    op.create_table(
        "charges",
        sa.Column("request_id", sa.String(36), sa.ForeignKey("ledger.request_id"), primary_key=True),
        sa.Column("account_id", _ROW_ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("means", sa.String(20), nullable=False),
        sa.Column("points", _EXACT, nullable=False),
        sa.Column("amount", _EXACT, nullable=False),
        sa.Column("price_book_id", _ROW_ID, sa.ForeignKey("price_books.id"), nullable=True),
    )
    op.create_index("ix_charges_account_id_month", "charges", ["account_id", "month"])
    op.create_table(
        "package_draws",
        sa.Column("request_id", sa.String(36), sa.ForeignKey("ledger.request_id"), primary_key=True),
        sa.Column("package_id", _ROW_ID, sa.ForeignKey("packages.id"), primary_key=True, autoincrement=False),
        sa.Column("points", _EXACT, nullable=False),
    )
    op.create_index("ix_package_draws_package_id", "package_draws", ["package_id"])
    op.create_table(
        "month_counts",
        sa.Column("account_id", _ROW_ID, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("action", sa.String(64), primary_key=True),
        sa.Column("calls", sa.BigInteger, nullable=False),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    month = "strftime('%Y-%m', at)" if sqlite else "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM')"
    # The month is one of the two texts above.
    op.execute(
        "INSERT INTO charges (request_id, account_id, action, month, means, points, amount) "  # noqa: S608
        f"SELECT request_id, account_id, action, {month}, 'free', 0, 0 FROM ledger"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("month_counts", "package_draws", "charges", "postings", "packages", "balances", "price_books"):
        op.drop_table(table)
