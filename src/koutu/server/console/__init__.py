"""The web console at /console: playground, jobs, usage, keys, models."""

from koutu.server.console.console import console_routes
from koutu.server.console.photos import Photos
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Sessions

__all__ = ["Photos", "Rooms", "Sessions", "console_routes"]
