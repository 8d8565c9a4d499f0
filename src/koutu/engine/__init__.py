"""Where inference runs: one interface, in this process by default."""

from functools import lru_cache

from koutu.engine.deadline import deadline, remaining
from koutu.engine.local import LocalEngine
from koutu.engine.types import Arrays, Engine, Loader, Session, Stats
from koutu.settings import current

__all__ = ["Arrays", "Engine", "Loader", "LocalEngine", "Session", "Stats", "deadline", "engine", "remaining"]


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process, made from the settings when it is first used."""
    return LocalEngine(queue=current().inference_queue)
