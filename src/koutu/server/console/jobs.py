"""Jobs as the console lists them."""

from datetime import UTC, datetime
from typing import Any

from koutu.server.jobs import Listed


def row(job: Listed) -> dict[str, Any]:
    """A job as the console's script reads it; times are seconds since the epoch."""
    return {
        "id": job.job_id,
        "action": job.action,
        "state": job.state.value,
        "key": job.access_key_id,
        "submitted": job.submitted,
        "at": datetime.fromtimestamp(job.submitted, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "seconds": None if job.ended is None else round(max(0.0, job.ended - job.submitted), 1),
    }
