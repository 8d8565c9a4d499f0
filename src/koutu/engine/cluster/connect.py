"""This process's way into the Ray cluster."""

import os
import threading

import ray

from koutu.errors import EnvironmentFault
from koutu.settings import Settings

_lock = threading.Lock()


def connect(settings: Settings) -> None:
    """Join the cluster that the settings name, unless this process has.

    Raises:
        EnvironmentFault: it cannot be reached.
    """
    with _lock:
        if ray.is_initialized():
            return
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            ray.init(address=settings.ray_address, namespace="koutu", log_to_driver=False, configure_logging=False)
        except Exception as error:  # Ray raises plain ones where a node does not come up in time
            raise EnvironmentFault(f"The Ray cluster at {settings.ray_address} cannot be reached: {error}") from error
