"""Where input images come from: a guarded fetch of the caller's URL, or what this server itself holds."""

from koutu.server.sources.bucket import Inside
from koutu.server.sources.fetch import Sources

__all__ = ["Inside", "Sources"]
