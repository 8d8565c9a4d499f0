"""One call's way: parameters, sources, library, storage, ledger, answer; at once, or as a job."""

import asyncio
import json
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from koutu.contract import ACTIONS, RESULT_LINK_SECONDS, Action
from koutu.contract.parameters import parse_parameters
from koutu.engine import deadline
from koutu.errors import InvalidParameter, ServiceUnavailable, Timeout
from koutu.server.answers import data
from koutu.server.jobs import Jobs, JobState
from koutu.server.links import Links
from koutu.server.metering import Metering
from koutu.server.metrics import Metrics
from koutu.server.production import Order, Product, Production, refuse_unavailable, today
from koutu.server.rpc.admission import Caller
from koutu.server.rpc.request import RpcRequest
from koutu.server.sources.bucket import plain
from koutu.server.sources.url import parse_url
from koutu.settings import Settings

_SUBMITTED = "This is an asynchronous call: ask GetAsyncJobResult for its result, with the RequestId as JobId."


class Calls:
    """Answers the 22 actions and GetAsyncJobResult."""

    def __init__(
        self, settings: Settings, production: Production, links: Links, metering: Metering, jobs: Jobs, metrics: Metrics
    ) -> None:
        self._settings = settings
        self._production = production
        self._links = links
        self._metering = metering
        self._jobs = jobs
        self._metrics = metrics
        self._under_way: set[asyncio.Timeout] = set()
        self._ends: float | None = None

    async def action(self, request: RpcRequest, caller: Caller) -> Mapping[str, Any]:
        """Do what the action promises, or take it on as a job."""
        started = time.perf_counter()
        order = _order(request, caller)
        if _asynchronous(order):
            with self._metrics.stage("enqueue"):
                await self._jobs.submit(order, caller)
            return {"Message": _SUBMITTED}
        product = await self._produce(order)
        try:
            with self._metrics.stage("meter"):
                await self._metering.record(
                    request.request_id,
                    account_id=caller.account_id,
                    access_key_id=caller.access_key_id,
                    action=order.action.name,
                    seconds=time.perf_counter() - started,
                    pixels=product.pixels,
                )
        except BaseException:
            await asyncio.shield(self._production.discard(product.pictures))
            raise
        link = partial(self._links.make, request.base, expires=int(time.time()) + RESULT_LINK_SECONDS)
        return {"Data": data(order.action, product, order.urls, link, order.params.keys())}

    def end_by(self, seconds: float) -> None:
        """Have what is under way, and what still comes, end within `seconds`, because the server is about to stop."""
        self._ends = asyncio.get_running_loop().time() + seconds
        for limit in self._under_way:
            when = limit.when()
            if not limit.expired() and (when is None or when > self._ends):
                limit.reschedule(self._ends)

    async def _produce(self, order: Order) -> Product:
        seconds = self._settings.call_timeout_s
        if self._ends is not None:
            seconds = min(seconds, max(0, self._ends - asyncio.get_running_loop().time()))
        try:
            with deadline(seconds):
                async with asyncio.timeout(seconds) as limit:
                    self._under_way.add(limit)
                    try:
                        return await self._production.produce(order)
                    finally:
                        self._under_way.discard(limit)
        except TimeoutError:
            if self._ends is not None:
                raise ServiceUnavailable("The server is stopping.", retry_after_s=1) from None
            raise Timeout(f"The call was not done within {seconds:g} seconds.") from None

    async def job_result(self, request: RpcRequest, caller: Caller) -> Mapping[str, Any]:
        """How a job stands, and its result."""
        job_id = str(parse_parameters(ACTIONS["GetAsyncJobResult"], request.params)["JobId"])
        job = await self._jobs.state(job_id, caller)
        if job is None:
            raise InvalidParameter(
                f"There is no job {job_id[:64]!r}; JobId is the RequestId that the asynchronous call returned."
            )
        answer: dict[str, Any] = {"JobId": job_id, "Status": job.state.value, "status": job.state.value}
        if job.product is not None:
            answer["Result"] = json.dumps(self._result(request, job), ensure_ascii=False)
        if job.error is not None:
            answer |= {"ErrorCode": job.error.code, "ErrorMessage": job.error.message}
        return {"Data": answer}

    def _result(self, request: RpcRequest, job: JobState) -> dict[str, Any]:
        assert job.product is not None
        return data(ACTIONS[job.action], job.product, job.urls, lambda key: self._links.make(request.base, key, job.expires))


def _order(request: RpcRequest, caller: Caller) -> Order:
    """A call as it can be worked on; what can be said against it without fetching anything is said here."""
    action = ACTIONS[request.action]
    refuse_unavailable(action)
    order = Order(request.request_id, action, parse_parameters(action, request.params), caller.owner, today())
    for url in order.urls.values():
        parse_url(plain(url))
    return order


def _asynchronous(order: Order) -> bool:
    action: Action = order.action
    return action.asynchronous == "always" or (action.asynchronous == "on request" and order.params.get("Async") is True)
