"""Alembic's entry: runs the scripts on the connection that `Database.upgrade` hands over."""

from alembic import context

import koutu.server.accounts.billing.tables  # noqa: F401 - they belong to the metadata
from koutu.server.accounts.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=False)
context.run_migrations()
