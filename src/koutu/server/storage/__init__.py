"""Where results and uploads are kept: a local folder, or any object store by URL."""

from koutu.server.storage.objects import Meta, Objects, open_objects

__all__ = ["Meta", "Objects", "open_objects"]
