"""Runs jobs as durable DBOS workflows; a job's id is the request id of the call that submitted it."""

import asyncio
import concurrent.futures
import contextvars
import logging
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import anyio.to_thread
from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowStatus
from sqlalchemy import URL

from koutu.contract import ACTIONS, RESULT_LINK_SECONDS
from koutu.errors import InternalError, KoutuError, ServiceUnavailable, Timeout
from koutu.server.accounts.database import database_url
from koutu.server.clock import utc_now
from koutu.server.data_folder import data_folder
from koutu.server.jobs.persist import RetriesUsedUp, persist
from koutu.server.jobs.states import BY_WORKFLOW, JobState, Listed, State
from koutu.server.metering import Metering
from koutu.server.metrics import Metrics
from koutu.server.production import Order, Product, Production
from koutu.server.rpc.admission import Caller
from koutu.settings import Settings

_T = TypeVar("_T")

_QUEUE = "koutu-jobs"
_WORKFLOW = "koutu.job"
# Part of what a restarted server looks its unfinished jobs up by; it changes only when old jobs cannot be gone on with.
_APPLICATION_VERSION = "1"
_POLLING_S = 0.1
_QUEUE_BACK_S = 10
# An account's jobs are looked for among so many of the newest.
_LISTED_AMONG = 5000
_LISTED_AT_ONCE = 250


_QUIET = logging.NullHandler()


def _unexpected(record: logging.LogRecord) -> bool:
    """Whether a record tells of more than a job that ended with a documented error or out of time."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, OutOfTime) and not (isinstance(error, KoutuError) and error.status < 500)


class OutOfTime(Timeout):
    """A job took longer than a job may."""


class Interrupted(BaseException):
    """The server is stopping: the job stays as it is and goes on after the next start.

    Not an `Exception`, since DBOS would write one down as the job's outcome.
    """


@dataclass(frozen=True, slots=True)
class _Job:
    """What the database keeps of a submitted call."""

    order: Order
    caller: Caller
    submitted: float

    def to_json(self) -> dict[str, Any]:
        return {
            "action": self.order.action.name,
            "params": {name: list(value) if isinstance(value, tuple) else value for name, value in self.order.params.items()},
            "day": self.order.day,
            "account_id": self.caller.account_id,
            "access_key_id": self.caller.access_key_id,
            "submitted": self.submitted,
        }

    @classmethod
    def from_json(cls, job_id: str, document: Mapping[str, Any]) -> "_Job":
        caller = Caller(document["account_id"], document["access_key_id"])
        params = {name: tuple(value) if isinstance(value, list) else value for name, value in document["params"].items()}
        order = Order(job_id, ACTIONS[document["action"]], params, caller.owner, document["day"])
        return cls(order, caller, document["submitted"])


class Jobs:
    """Submits jobs, runs them, tells how they stand. There is one in a process, since DBOS is one.

    Args:
        settings: database, replica and the job_* settings count.
        production: works on a job.
        metering: notes a job that succeeded.
        metrics: counts jobs.
    """

    def __init__(self, settings: Settings, production: Production, metering: Metering, metrics: Metrics) -> None:
        self._settings = settings
        self._production = production
        self._metering = metering
        self._metrics = metrics
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = threading.Event()
        self._running: set[concurrent.futures.Future[Any]] = set()
        self._workflow: Callable[[dict[str, Any]], dict[str, Any]]

    async def start(self) -> None:
        """Take up the jobs that an earlier process left unfinished, and wait for new ones."""
        self._loop = asyncio.get_running_loop()
        await anyio.to_thread.run_sync(self._launch)

    async def stop(self) -> None:
        """Let go of running jobs; they go on after the next start."""
        self._loop = None
        self._stopping.set()
        for future in tuple(self._running):
            future.cancel()
        await anyio.to_thread.run_sync(self._destroy)

    async def submit(self, order: Order, caller: Caller) -> None:
        """Write a job down; once this returns it survives the death of the server.

        Raises:
            ServiceUnavailable: too many jobs are waiting.
        """
        job = _Job(order, caller, time.time())
        await anyio.to_thread.run_sync(self._enqueue, order.request_id, job.to_json())
        self._metrics.job("submitted")

    async def check(self) -> None:
        """Ask the jobs' database something; raises where it does not answer."""
        await anyio.to_thread.run_sync(DBOS.get_workflow_status, "koutu-ready", abandon_on_cancel=True)

    async def state(self, job_id: str, caller: Caller) -> JobState | None:
        """How a job stands; None for one that is unknown or another account's."""
        status = await anyio.to_thread.run_sync(DBOS.get_workflow_status, job_id)
        if status is None or status.name != _WORKFLOW or status.input is None:
            return None
        job = _Job.from_json(job_id, status.input["args"][0])
        if job.caller.account_id != caller.account_id:
            return None
        # What was metered has succeeded, also where the workflow ended or runs on after that.
        outcome = status.output if status.status == "SUCCESS" else await self._metering.outcome(job_id)
        return _read(status, job, outcome)

    async def newest(self, account_id: int | None, limit: int) -> list[Listed]:
        """The newest jobs of an account, or of all for None."""
        return await anyio.to_thread.run_sync(self._newest, account_id, limit)

    async def forget(self) -> None:
        """Drop finished jobs whose state nobody can ask for any more."""
        await anyio.to_thread.run_sync(self._forget)

    def _launch(self) -> None:
        # With a handler in place DBOS adds no console output of its own; its warnings reach the server's log all the same.
        logger = logging.getLogger("dbos")
        logger.addHandler(_QUIET)
        logger.addFilter(_unexpected)
        config: DBOSConfig = {
            "name": "koutu",
            "system_database_url": self._database().render_as_string(hide_password=False),
            "application_version": _APPLICATION_VERSION,
            "executor_id": self._settings.replica,
            "log_level": "WARNING",
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": _POLLING_S,
        }
        DBOS(config=config)

        # DBOS marks the function it is given, which a bound method does not allow.
        def work(document: dict[str, Any]) -> dict[str, Any]:
            return self._work(document)

        self._workflow = DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=self._settings.job_retries)(work)
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            worker_concurrency=self._settings.job_workers,
            polling_interval_sec=_POLLING_S,
            on_conflict="always_update",
        )

    @staticmethod
    def _destroy() -> None:
        DBOS.destroy(destroy_registry=True)

    def _database(self) -> URL:
        if self._settings.database_url:
            return database_url(self._settings)
        # A file of its own: polling for jobs never waits for the ledger, nor the ledger for it.
        path = data_folder(self._settings) / "jobs.db"
        with closing(sqlite3.connect(path)) as database:
            # The file remembers it, and whoever opens it next goes by it: one sync for a commit, and reading waits for nobody.
            database.execute("PRAGMA journal_mode = WAL")
        return URL.create("sqlite", database=str(path))

    def _enqueue(self, job_id: str, document: dict[str, Any]) -> None:
        most = self._settings.job_queue
        if DBOS.list_workflows(queue_name=_QUEUE, status="ENQUEUED", offset=most - 1, limit=1, load_input=False):
            raise ServiceUnavailable(f"{most} asynchronous calls are waiting already.", retry_after_s=_QUEUE_BACK_S)
        with SetWorkflowID(job_id):
            DBOS.enqueue_workflow(_QUEUE, self._workflow, document)

    def _work(self, document: dict[str, Any]) -> dict[str, Any]:
        """The workflow: what is made is metered in one transaction with its outcome, so that a restart does not do that twice.

        Its time is what it runs for, by a clock that nobody sets: DBOS would count the time that a server is down for, and any
        jump of the machine's clock.
        """
        job_id = DBOS.workflow_id
        assert job_id is not None
        job = _Job.from_json(job_id, document)
        until = time.monotonic() + self._settings.job_timeout_s
        try:
            outcome = self._persist(lambda: self._metering.outcome(job_id))
            if outcome is None:
                product = self._persist(lambda: self._produce(job.order, until))
                outcome = {**product.to_json(), "expires": int(time.time()) + RESULT_LINK_SECONDS}
                self._meter(job, outcome)
        except Exception:
            self._metrics.job("failed")
            raise
        self._metrics.job("finished")
        return outcome

    def _meter(self, job: _Job, outcome: dict[str, Any]) -> None:
        self._persist(
            lambda: self._metering.record(
                job.order.request_id,
                account_id=job.caller.account_id,
                access_key_id=job.caller.access_key_id,
                action=job.order.action.name,
                seconds=max(0.0, time.time() - job.submitted),
                pixels=outcome["pixels"],
                outcome=outcome,
            )
        )

    async def _produce(self, order: Order, until: float) -> Product:
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                return await self._production.produce(order)
        except TimeoutError:
            raise OutOfTime("The job took too long.") from None

    def _persist(self, start: Callable[[], Awaitable[_T]]) -> _T:
        return persist(lambda: self._await(start), tries=self._settings.job_retries, wait=self._pause)

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Interrupted

    def _await(self, start: Callable[[], Awaitable[_T]]) -> _T:
        """Have the server's own event loop do something, from a workflow's thread."""
        loop = self._loop
        if loop is None:
            raise Interrupted

        async def run() -> _T:
            return await start()

        # In a context of its own: what runs there is no part of the workflow in DBOS's eyes.
        future = contextvars.Context().run(asyncio.run_coroutine_threadsafe, run(), loop)
        self._running.add(future)
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise Interrupted from None
        finally:
            self._running.discard(future)

    @staticmethod
    def _newest(account_id: int | None, limit: int) -> list[Listed]:
        # DBOS files jobs under no account that SQLite could look for.
        found: list[Listed] = []
        for offset in range(0, _LISTED_AMONG, _LISTED_AT_ONCE):
            page = DBOS.list_workflows(name=_WORKFLOW, sort_desc=True, offset=offset, limit=_LISTED_AT_ONCE)
            jobs = [(status, _Job.from_json(status.workflow_id, status.input["args"][0])) for status in page if status.input]
            found += [_list(status, job) for status, job in jobs if account_id in (None, job.caller.account_id)]
            if len(found) >= limit or len(page) < _LISTED_AT_ONCE:
                break
        return found[:limit]

    def _forget(self) -> None:
        before = utc_now() - timedelta(seconds=self._settings.job_keep_s)
        self._metering.forget_outcomes(before)
        ended = before.isoformat()
        old = DBOS.list_workflows(name=_WORKFLOW, completed_before=ended, limit=1000, load_input=False, load_output=False)
        if old:
            DBOS.delete_workflows([status.workflow_id for status in old])


def _state(status: WorkflowStatus) -> State:
    match status.error:
        case OutOfTime():
            return State.TIMEOUT_FAILED
        case RetriesUsedUp():
            return State.LIMIT_RETRY_FAILED
        case _:
            return BY_WORKFLOW[status.status]


def _read(status: WorkflowStatus, job: _Job, outcome: Mapping[str, Any] | None) -> JobState:
    action, urls = job.order.action.name, job.order.urls
    if outcome is not None:
        return JobState(State.PROCESS_SUCCESS, action, urls, Product.from_json(outcome), outcome["expires"])
    state = _state(status)
    if status.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return JobState(state, action, urls, error=InternalError("The job was interrupted too often."))
    if state in (State.QUEUING, State.PROCESSING):
        return JobState(state, action, urls)
    return JobState(state, action, urls, error=status.error if isinstance(status.error, KoutuError) else InternalError())


def _list(status: WorkflowStatus, job: _Job) -> Listed:
    ended = None if status.completed_at is None else status.completed_at / 1000
    state, key = _state(status), job.caller.access_key_id
    return Listed(status.workflow_id, job.order.action.name, state, key, job.submitted, ended)
