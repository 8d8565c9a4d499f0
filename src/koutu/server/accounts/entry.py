"""A line of the ledger."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A successful call: who, what, when, how long it took and how many pixels it had.

    `access_key_id` is the lasting key: a temporary key's calls stand under the key that it was issued for.
    """

    request_id: str
    account_id: int
    access_key_id: str
    action: str
    at: datetime
    latency_ms: float
    pixels: int
