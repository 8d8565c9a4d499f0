"""The run over a bucket: what is left to do, Ray Data over it, and what came of each photo."""

import os
from collections.abc import Iterator
from pathlib import PurePosixPath

import obstore
import ray
from obstore.store import ObjectStore, from_url

from koutu.cli.bucket.work import CutOut, Row, result_key
from koutu.engine.cluster.connect import connect
from koutu.errors import EnvironmentFault
from koutu.settings import Settings

_PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


def pending(source: str, target: str) -> tuple[list[str], int]:
    """The photos without a result that is newer than they are, and how many have one.

    The results themselves are the checkpoint: each appears whole or not at all, so a run that was killed at any moment goes on
    with exactly those photos that it had not finished.
    """
    done = dict(_listed(from_url(target)))
    photos = [(key, when) for key, when in _listed(from_url(source)) if PurePosixPath(key).suffix.lower() in _PHOTOS]
    left = [key for key, when in photos if done.get(result_key(key), 0.0) < when]
    return left, len(photos) - len(left)


def run(
    settings: Settings,
    keys: list[str],
    source: str,
    target: str,
    action: str,
    params: dict[str, str],
    *,
    workers: int,
    cpus: float,
) -> Iterator[Row]:
    """Work on photos with so many actors, each of so many cores; gives what came of each, as it is done."""
    if settings.ray_address == "local":
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            ray.init(
                "local",
                num_cpus=max(1, round(workers * cpus)),
                include_dashboard=False,
                log_to_driver=False,
                configure_logging=False,
            )
        except Exception as error:  # Ray raises plain ones where a node does not come up in time
            raise EnvironmentFault(f"Ray could not be started on this machine: {error}") from error
    else:
        connect(settings)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    # One photo is one block: what a dying node takes with it is a photo at a time, which another node does again.
    photos = ray.data.from_items([{"key": key} for key in keys], override_num_blocks=len(keys))
    done = photos.map(
        CutOut,
        fn_constructor_args=(source, target, action, params),
        compute=ray.data.ActorPoolStrategy(size=workers),
        num_cpus=cpus,
    )
    yield from done.iter_rows()


def _listed(store: ObjectStore) -> Iterator[tuple[str, float]]:
    for batch in obstore.list(store):
        for meta in batch:
            yield meta["path"], meta["last_modified"].timestamp()
