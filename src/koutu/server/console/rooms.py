"""What the console of a running server works with."""

from dataclasses import dataclass, field

import anyio.to_thread
from starlette.requests import Request

from koutu.server.accounts.backoffice import Backoffice
from koutu.server.console.attempts import Attempts
from koutu.server.console.photos import Photos
from koutu.server.console.sessions import Session, Sessions
from koutu.server.jobs import Jobs
from koutu.server.rpc.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Rooms:
    """What pages show and calls go through; `max_bytes` is the largest photo that the playground takes."""

    office: Backoffice
    sessions: Sessions
    endpoint: Endpoint
    jobs: Jobs
    photos: Photos
    max_bytes: int
    attempts: Attempts = field(default_factory=Attempts)

    async def session(self, request: Request) -> Session | None:
        """Who is signed in."""
        return await anyio.to_thread.run_sync(self.sessions.read, request)
