"""Which function does which kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class JobRun:
    """What a handler is told about the run that it serves."""

    job_id: UUID
    token: UUID
    payload: dict[str, Any]
    now: datetime


class Handler(Protocol):
    """Does the work in the database session at hand and never commits its last step: the end of the job is part of it."""

    def __call__(self, run: JobRun) -> None: ...


_HANDLERS: dict[str, Handler] = {}


def job_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register a function for jobs of `kind`; one function for each."""

    def register(handler: Handler) -> Handler:
        if kind in _HANDLERS and _HANDLERS[kind] is not handler:
            raise ValueError(f"two handlers for {kind}")
        _HANDLERS[kind] = handler
        return handler

    return register


def handler_for(kind: str) -> Handler:
    """Raises LookupError for a kind that nobody handles."""
    return _HANDLERS[kind]
