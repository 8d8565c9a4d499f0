"""The operators' REST API under /admin: one file per group of routes, all of them thin covers of the services."""

from koutu.server.admin.app import create_admin

__all__ = ["create_admin"]
