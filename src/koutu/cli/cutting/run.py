"""Cutting many photos: threads, a progress bar, a summary; what is done already is passed over."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Task as Bar
from rich.text import Text

from koutu import batch
from koutu.cli.cutting.engine import Job, ends_the_run
from koutu.cli.cutting.tally import Tally, shown
from koutu.cli.cutting.targets import Task, is_done, write
from koutu.cli.whole_files import sweep
from koutu.errors import KoutuError


class Stopped(Exception):
    """The run cannot go on; the message says why."""


def run(
    tasks: Sequence[Task], job: Job, tally: Tally, console: Console, *, jobs: int | None, overwrite: bool, quiet: bool
) -> None:
    """Cut every photo of `tasks`; results and failures are counted in `tally` as they come.

    Raises:
        Stopped: an error came that every further photo would meet too.
        KeyboardInterrupt: the user stopped the run; what was under way is finished first.
    """
    sweep({task.target.parent for task in tasks})
    waiting: list[Task] = []
    for task in tasks:
        if task.source.problem:
            tally.fail(task.source.path, task.source.problem)
        elif not overwrite and is_done(task, job.settings):
            tally.skipped += 1
        else:
            waiting.append(task)
    if not waiting:
        return
    bar = console.is_terminal and not quiet and len(waiting) > 1
    with _progress(console, disable=not bar) as progress:
        line = progress.add_task(job.action.function, total=len(waiting), failed="")
        say = progress.console
        _work(waiting, job, tally, say, jobs, quiet or bar, lambda: progress.update(line, advance=1, failed=_failed(tally)))


def _work(
    tasks: Sequence[Task], job: Job, tally: Tally, console: Console, jobs: int | None, quiet: bool, advance: Callable[[], None]
) -> None:
    def cut(task: Task) -> Path:
        write(task, job.cut(task.source.path, console), job.settings)
        return task.target

    items = batch.map(cut, tasks, ordered=False, workers=jobs)
    try:
        for item in items:
            path = item.photo.source.path
            if item.error is None:
                tally.done += 1
                tally.failures.pop(shown(path), None)
                if not quiet:
                    console.print(f"{shown(path)} -> {shown(item.photo.target)}", highlight=False, markup=False, soft_wrap=True)
            elif not isinstance(item.error, KoutuError | OSError):
                raise item.error
            elif ends_the_run(item.error):
                raise Stopped(reason(item.error))
            else:
                tally.fail(path, reason(item.error))
                if quiet:
                    console.print(Text.assemble((shown(path), "red"), f": {reason(item.error)}"), soft_wrap=True)
            advance()
    finally:
        items.close()


def reason(error: Exception) -> str:
    """An error in words, without the path that stands before it anyway."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _failed(tally: Tally) -> str:
    return f"{len(tally.failures)} failed" if tally.failures else ""


class _Rate(ProgressColumn):
    """Photos a second since the start."""

    def render(self, task: Bar) -> Text:
        """The rate, once there is one."""
        seconds = task.elapsed or 0
        return Text(f"{task.completed / seconds:.1f}/s" if task.completed and seconds else "", style="progress.data.speed")


def _progress(console: Console, *, disable: bool) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("[red]{task.fields[failed]}"),
    )
    return Progress(*columns, console=console, disable=disable)


def watch(find: Callable[[], Sequence[Task]], work: Callable[[Sequence[Task]], None], seconds: float) -> None:
    """Hand photos to `work` as they come, until the user stops it; a file that still grows is left for the next look.

    Args:
        find: lists what there is now.
        work: cuts; called with what came or changed since the last look.
        seconds: between two looks.
    """
    handled: dict[Path, tuple[int, int]] = {}
    before: dict[Path, tuple[int, int]] = {}
    while True:
        now = {task.source.path: (_state(task.source.path), task) for task in find()}
        ready = [task for path, (state, task) in now.items() if state == before.get(path) != handled.get(path)]
        if ready:
            work(ready)
            handled |= {task.source.path: now[task.source.path][0] for task in ready}
        before = {path: state for path, (state, _) in now.items()}
        time.sleep(seconds)


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
