"""One function over many photos, in threads, a few at a time."""

import os
from collections.abc import Callable, Generator, Iterable, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Photo = TypeVar("Photo")
Outcome = TypeVar("Outcome")
Progress = Callable[[int, int | None], None]

_MOST_WORKERS = 4  # one inference uses every core: more threads only overlap reading and writing


@dataclass(frozen=True, slots=True)
class Item(Generic[Photo, Outcome]):
    """What came of one photo: a result, or the error that stopped it.

    Attributes:
        index: the photo's place among those that were given, from 0.
        photo: as it was given.
        result: what the function gave; None where it failed.
        error: what it raised; None where it did not.
    """

    index: int
    photo: Photo
    result: Outcome | None = None
    error: Exception | None = None

    def get(self) -> Outcome:
        """The result; raises the error where there is one."""
        if self.error is not None:
            raise self.error
        assert self.result is not None
        return self.result


def map(  # noqa: A001
    function: Callable[[Photo], Outcome],
    photos: Iterable[Photo],
    *,
    ordered: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Generator[Item[Photo, Outcome], None, None]:
    """Run a function over many photos and hand out what comes of each; an error of one photo stops no other.

    Photos are taken from the iterable as they are needed, and no more than twice `workers` are under way or waiting to be taken
    at any time, so a folder of any size needs the memory of a few photos. Leaving the loop early starts nothing more and waits
    for what is under way.

    Args:
        function: such as `koutu.segment_body`, that of a `koutu.Client`, or one of your own around them.
        photos: any iterable; a generator works.
        ordered: hand items out in the order of the photos; False = as they are done, of several the first in that order.
        workers: threads; None = one for every core, at most 4.
        progress: called in the caller's thread with the number of photos done, and in all where `photos` has a length.

    Example:
        >>> for item in koutu.map(koutu.segment_body, Path("in").glob("*.jpg")):  # doctest: +SKIP
        ...     item.get().save(f"out/{item.photo.stem}.png")
    """
    from collections import deque
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

    workers = workers or min(_MOST_WORKERS, os.cpu_count() or 1)
    total = len(photos) if isinstance(photos, Sized) else None
    source = enumerate(photos)
    waiting: deque[Future[Item[Photo, Outcome]]] = deque()
    done = 0
    pool = ThreadPoolExecutor(workers, thread_name_prefix="koutu-map")
    try:
        while True:
            while len(waiting) < 2 * workers and (photo := next(source, None)) is not None:
                waiting.append(pool.submit(_run, function, photo[0], photo[1]))
            if not waiting:
                return
            if ordered:
                future = waiting.popleft()
            else:
                future = min(wait(waiting, return_when=FIRST_COMPLETED).done, key=waiting.index)
                waiting.remove(future)
            item = future.result()
            done += 1
            if progress is not None:
                progress(done, total)
            yield item
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _run(function: Callable[[Photo], Outcome], index: int, photo: Photo) -> Item[Photo, Outcome]:
    try:
        return Item(index, photo, result=function(photo))
    except Exception as error:  # handed to the caller with its photo
        return Item(index, photo, error=error)
