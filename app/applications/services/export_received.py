"""Taking received applications away as a file leaves a trace: who, which, and how many."""

from datetime import datetime

from app.accounts.models import User
from app.applications import rules
from app.applications.queries.asked import ReceivedFilter
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.errors import RuleBroken


def export_received(
    challenge: Challenge, asked: ReceivedFilter, *, kind: str, applications: int, files: int = 0, actor: User, now: datetime
) -> None:  # fmt: skip
    """Record that the applications which fit `asked` leave as `kind` ("csv", "xlsx", "documents"). Raises RuleBroken.

    What was searched for may be somebody's name, so it stands with the personal part.
    """
    if reason := rules.why_not_export(challenge, actor, now):
        raise RuleBroken(reason)
    record(
        "applications.export_received", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={
            "kind": kind, "applications": applications, "files": files, "state": asked.state.value if asked.state else None,
            "theme": str(asked.theme_id) if asked.theme_id else None, "searched": bool(asked.search),
        },
        personal={"search": asked.search} if asked.search else None,
    )  # fmt: skip
