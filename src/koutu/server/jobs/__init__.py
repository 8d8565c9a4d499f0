"""Asynchronous calls that survive the death of the server."""

from koutu.server.jobs.runner import Jobs
from koutu.server.jobs.states import JobState, Listed, State

__all__ = ["JobState", "Jobs", "Listed", "State"]
