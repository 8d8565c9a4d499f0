"""The library's functions on a server: this project's own, or any that speaks the imageseg API."""

from koutu.client.client import Client

__all__ = ["Client"]
