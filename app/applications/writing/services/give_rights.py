"""Rights in one application: given, changed, taken."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.applications.services.locking import lock_application
from app.applications.writing import rules
from app.applications.writing.models import ApplicationRight, CoWriterInvitation
from app.applications.writing.queries import Writer, list_writers
from app.applications.writing.states import Right
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def _open(application: Application, user_id: UUID, actor: User, wanted: Right | None) -> Writer:
    """The person as a writer, with the application locked so that two takers never take the last one's right. Raises RuleBroken."""
    lock_application(application)
    db.session.expire(application, ["rights"])
    if reason := rules.why_not_manage_team(application, actor):
        raise RuleBroken(reason)
    writers = list_writers(application)
    writer = next((w for w in writers if w.user_id == user_id), None)
    if writer is None:
        raise RuleBroken(_("This person does not belong to this application."))
    submitters = sum(1 for w in writers if w.held is Right.SUBMIT)
    if reason := rules.why_not_give_right(writer.held, wanted, submitters=submitters):
        raise RuleBroken(reason)
    return writer


def give_right(application: Application, user_id: UUID, right: Right, *, actor: User, now: datetime) -> None:
    """Let a person of the team do what `right` says, and no more. Raises RuleBroken."""
    writer = _open(application, user_id, actor, right)
    if writer.held is right:
        return
    row = db.session.get(ApplicationRight, (application.id, user_id))
    if row is None:
        row = ApplicationRight(application_id=application.id, user_id=user_id, is_guest=False)
        db.session.add(row)
    row.held, row.given_by_id, row.given_at = right, actor.id, now
    db.session.flush()
    db.session.expire(application, ["rights"])
    record(
        "applications.give_right", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"user_id": str(user_id), "before": writer.held.value, "after": right.value},
    )  # fmt: skip


def take_right(application: Application, user_id: UUID, *, actor: User, now: datetime) -> bool:
    """Let a guest see the application no more, nor whoever the guest invited and who has not come yet.

    Members see it as long as they are members: of one who came as a guest, only what would outlast the membership is taken.
    Returns whether the person sees it no more. Raises RuleBroken.
    """
    writer = _open(application, user_id, actor, None)
    row = db.session.get(ApplicationRight, (application.id, user_id))
    if row is None or (writer.role is not None and not row.is_guest):
        raise RuleBroken(
            _("Members of the startup see all its applications. Give the right to view, or end the membership.")
        )
    if writer.role is None:
        db.session.delete(row)
    else:
        row.is_guest = False
    db.session.execute(
        sa.delete(CoWriterInvitation).where(
            CoWriterInvitation.application_id == application.id, CoWriterInvitation.invited_by_id == user_id,
            CoWriterInvitation.accepted_at.is_(None),
        )
    )  # fmt: skip
    db.session.flush()
    db.session.expire(application, ["rights"])
    record(
        "applications.take_right", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"user_id": str(user_id), "before": writer.held.value},
    )  # fmt: skip
    return writer.role is None
