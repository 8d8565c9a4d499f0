"""The six states of a job, and what the durable workflow's states mean in them."""

from dataclasses import dataclass
from enum import StrEnum

from koutu.errors import KoutuError
from koutu.server.production import Product


class State(StrEnum):
    """A job's state as the API spells it."""

    QUEUING = "QUEUING"
    PROCESSING = "PROCESSING"
    PROCESS_SUCCESS = "PROCESS_SUCCESS"
    PROCESS_FAILED = "PROCESS_FAILED"
    TIMEOUT_FAILED = "TIMEOUT_FAILED"
    LIMIT_RETRY_FAILED = "LIMIT_RETRY_FAILED"


BY_WORKFLOW = {
    "ENQUEUED": State.QUEUING,
    "DELAYED": State.QUEUING,
    "PENDING": State.PROCESSING,
    "SUCCESS": State.PROCESS_SUCCESS,
    "ERROR": State.PROCESS_FAILED,
    "CANCELLED": State.TIMEOUT_FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": State.LIMIT_RETRY_FAILED,
}


@dataclass(frozen=True, slots=True)
class JobState:
    """What is known of a job.

    Attributes:
        state: where it stands.
        action: the action that was called.
        urls: image parameter -> the URL that the caller gave.
        product: what came of it, on success.
        expires: until when its links are good (seconds since the epoch), on success.
        error: what went wrong, on failure.
    """

    state: State
    action: str
    urls: dict[str, str]
    product: Product | None = None
    expires: int = 0
    error: KoutuError | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A job as a list has it; times are seconds since the epoch, `ended` is None while it waits or runs."""

    job_id: str
    action: str
    state: State
    access_key_id: str
    submitted: float
    ended: float | None
