"""Where inference runs: one interface, in this process by default."""

from functools import lru_cache

from koutu.engine.deadline import deadline, remaining
from koutu.engine.local import LocalEngine
from koutu.engine.types import Arrays, Engine, Loader, Session, Stats
from koutu.errors import EnvironmentFault
from koutu.settings import current

__all__ = ["Arrays", "Engine", "Loader", "LocalEngine", "Session", "Stats", "deadline", "engine", "remaining"]


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process, made from the settings when it is first used.

    Raises:
        EnvironmentFault: the setting asks for Ray, and it is not installed.
    """
    if current().engine == "ray":
        try:
            from koutu.engine.cluster.client import RayEngine
        except ModuleNotFoundError as error:
            raise EnvironmentFault("KOUTU_ENGINE=ray needs the package ray: pip install koutu[cluster].") from error
        return RayEngine(current())
    return LocalEngine(queue=current().inference_queue)
