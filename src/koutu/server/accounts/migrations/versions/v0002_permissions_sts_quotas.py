"""Permissions, expiry and last use of keys; temporary keys; plans, limits and windows of calls per second; outcomes of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Widen accounts and keys, so that what exists may do what it could do before, and create the new tables."""
    op.add_column("accounts", sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("accounts", sa.Column("permission", sa.Text, nullable=False, server_default="*"))
    op.add_column("access_keys", sa.Column("permission", sa.Text, nullable=False, server_default="*"))
    op.add_column("access_keys", sa.Column("expires_at", _MOMENT, nullable=True))
    op.add_column("access_keys", sa.Column("last_used_at", _MOMENT, nullable=True))
    op.create_table(
        "temporary_keys",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("parent_id", sa.String(64), sa.ForeignKey("access_keys.id"), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("permission", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
    )
    op.create_index("ix_temporary_keys_parent_id", "temporary_keys", ["parent_id"])
    op.create_index("ix_temporary_keys_expires_at", "temporary_keys", ["expires_at"])
    op.create_table(
        "qps_plans",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("account_id", _ROW_ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("qps", sa.Integer, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("price", sa.String(40), nullable=False),
        sa.Column("bought_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_qps_plans_account_action", "qps_plans", ["account_id", "action"])
    op.create_table(
        "qps_limits",
        sa.Column("account", sa.String(100), primary_key=True),
        sa.Column("action", sa.String(64), primary_key=True),
        sa.Column("qps", sa.Integer, nullable=False),
    )
    op.create_table(
        "qps_windows",
        sa.Column("account_id", _ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("action", sa.String(64), primary_key=True),
        sa.Column("second", sa.BigInteger, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
    )
    op.create_table(
        "job_outcomes",
        sa.Column("request_id", sa.String(36), primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_job_outcomes_at", "job_outcomes", ["at"])


def downgrade() -> None:
    """Drop what was added."""
    for table in ("job_outcomes", "qps_windows", "qps_limits", "qps_plans", "temporary_keys"):
        op.drop_table(table)
    for column in ("last_used_at", "expires_at", "permission"):
        op.drop_column("access_keys", column)
    for column in ("permission", "active"):
        op.drop_column("accounts", column)
