"""What the server counts, for Prometheus."""

import resource
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from koutu.engine import engine

if TYPE_CHECKING:
    from koutu.server.workers import Workers

_SECONDS = (0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

_stages: ContextVar[dict[str, float] | None] = ContextVar("koutu_stages", default=None)


class Metrics:
    """One server's numbers, in a registry of their own, since tests run several servers in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_EngineCollector())
        self._answers = Counter("koutu_requests", "Calls answered.", ["action", "code"], registry=self.registry)
        self._seconds = Histogram(
            "koutu_request_seconds",
            "From a call's first byte to its answer.",
            ["action"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._stage_seconds = Histogram(
            "koutu_stage_seconds", "Time in one stage of a call or job.", ["stage"], buckets=_SECONDS, registry=self.registry
        )
        self._jobs = Counter("koutu_jobs", "Steps of jobs.", ["event"], registry=self.registry)

    def answered(self, action: str, code: str, seconds: float) -> None:
        """Count a call; `action` has to be one of the contract, or empty."""
        self._answers.labels(action, code).inc()
        self._seconds.labels(action).observe(seconds)

    def job(self, event: str) -> None:
        """Count a job's step: submitted, finished, failed."""
        self._jobs.labels(event).inc()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage, for the histogram and for the log line of the call it is part of."""
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            self._stage_seconds.labels(name).observe(seconds)
            stages = _stages.get()
            if stages is not None:
                stages[name] = round(stages.get(name, 0) + seconds * 1000, 1)

    def watch(self, name: str, workers: "Workers") -> None:
        """Show a pool's places and threads."""
        self.registry.register(_PoolCollector(name, workers))

    def answer(self, request: Request) -> Response:
        """The numbers as text."""
        return Response(generate_latest(self.registry), media_type="text/plain; version=0.0.4; charset=utf-8")


@contextmanager
def call_stages() -> Iterator[dict[str, float]]:
    """The stages of what is done within this block: name -> milliseconds."""
    stages: dict[str, float] = {}
    token = _stages.set(stages)
    try:
        yield stages
    finally:
        _stages.reset(token)


class _PoolCollector(Collector):
    def __init__(self, name: str, workers: "Workers") -> None:
        self._name = name
        self._workers = workers

    def collect(self) -> Iterable[Metric]:
        workers = self._workers
        for suffix, text, value in (
            ("places", "Calls that may be under way at once.", workers.places),
            ("held", "Calls under way.", workers.held),
            ("busy", "Threads at work.", workers.busy),
            ("wait_seconds", "What one more call is expected to wait.", workers.wait_s()),
        ):
            yield GaugeMetricFamily(f"koutu_{self._name}_{suffix}", text, value)


class _EngineCollector(Collector):
    def collect(self) -> Iterable[Metric]:
        inferences = CounterMetricFamily("koutu_inferences", "Inferences of a loaded network.", labels=["model"])
        seconds = CounterMetricFamily("koutu_inference_seconds", "Time of a loaded network.", labels=["model"])
        for model, stats in engine().stats().items():
            inferences.add_metric([model], stats.inferences)
            seconds.add_metric([model], stats.seconds)
        yield inferences
        yield seconds
        yield GaugeMetricFamily("koutu_inference_queue", "Inferences that run or wait.", engine().waiting())
        yield GaugeMetricFamily("koutu_threads", "Threads of the process.", threading.active_count())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        yield GaugeMetricFamily("koutu_memory_peak_bytes", "Largest resident memory so far.", peak)
