"""Alembic's scripts; they ship in the package and run when the database is opened."""
