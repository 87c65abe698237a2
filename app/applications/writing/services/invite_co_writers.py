"""People from outside the startup write one application with it."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import rules as people
from app.accounts.models import User
from app.accounts.services import account_by_mailed_link, token_sha256
from app.accounts.services.sign_people_up import checked_email, find_user
from app.applications.models import Application
from app.applications.services.locking import lock_application
from app.applications.writing import rules
from app.applications.writing.models import ApplicationRight, CoWriterInvitation
from app.applications.writing.queries import list_writers
from app.applications.writing.states import Right
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.services import queue_mail


def invite_co_writer(
    application: Application, email: str, right: Right, *, actor: User, now: datetime
) -> CoWriterInvitation:
    """Mail somebody a link to write this application. Inviting again sends a new link and ends the old one. Raises RuleBroken."""
    address = checked_email(email)
    lock_application(application)
    if reason := rules.why_not_manage_team(application, actor):
        raise RuleBroken(reason)
    writers = list_writers(application)
    if any(writer.email == address for writer in writers):
        raise RuleBroken(_("%(email)s belongs to this application already.", email=address), field="email")
    invitation = db.session.scalar(
        sa.select(CoWriterInvitation).where(
            CoWriterInvitation.application_id == application.id, CoWriterInvitation.email == address
        )
    )
    if invitation is None:
        _refuse_a_crowd(application)
        invitation = CoWriterInvitation(application=application, email=address)
        db.session.add(invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_sha256, invitation.offered, invitation.accepted_at = token_sha256(token), right, None
    invitation.invited_by_id, invitation.sent_at, invitation.expires_at = actor.id, now, now + people.INVITATION_VALID
    record(
        "applications.invite_co_writer", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"right": right.value}, personal={"email": address},
    )  # fmt: skip
    user = find_user(address)
    queue_mail(
        address, "applications/co_writer", language=user.language if user is not None else actor.language, now=now,
        challenge_id=application.challenge_id, application=application, challenge=application.challenge, token=token,
        right=right.value, actor_name=actor.name, ends_at=invitation.expires_at,
    )  # fmt: skip
    return invitation


def _refuse_a_crowd(application: Application) -> None:
    query = sa.select(sa.func.count()).where(CoWriterInvitation.application_id == application.id)
    if (db.session.scalar(query) or 0) >= rules.MOST_GUESTS:
        raise RuleBroken(
            _("At most %(limit)d people from outside can be invited.", limit=rules.MOST_GUESTS), field="email"
        )


def cancel_co_writer(invitation: CoWriterInvitation, *, actor: User, now: datetime) -> None:
    """End an invitation before it is accepted; its link leads nowhere then. Raises RuleBroken."""
    application = invitation.application
    lock_application(application)
    if reason := rules.why_not_manage_team(application, actor):
        raise RuleBroken(reason)
    db.session.refresh(invitation, with_for_update=True)
    if invitation.accepted_at is not None:
        raise RuleBroken(_("This invitation has been accepted already."))
    record(
        "applications.cancel_co_writer", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        personal={"email": invitation.email},
    )  # fmt: skip
    db.session.delete(invitation)


def accept_co_writing(invitation: CoWriterInvitation, *, actor: User, now: datetime) -> ApplicationRight:
    """Join with the account that the invitation was sent to. A member of the startup keeps the right that is larger. Raises RuleBroken."""
    if reason := rules.why_not_accept(invitation, actor):
        raise RuleBroken(reason)
    application = invitation.application
    lock_application(application)
    db.session.expire(application, ["rights"])
    held = rules.right_of(application, actor)
    invitation.accepted_at = now
    row = db.session.get(ApplicationRight, (application.id, actor.id))
    if row is None:
        row = ApplicationRight(application_id=application.id, user_id=actor.id, held=invitation.offered)
        db.session.add(row)
    row.is_guest = actor.role_in(application.startup_id) is None  # a member's right ends with the membership
    row.given_by_id, row.given_at = invitation.invited_by_id, now
    row.held = held if held is not None and held.includes(invitation.offered) else invitation.offered
    record(
        "applications.accept_co_writing", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"right": row.held.value},
    )  # fmt: skip
    db.session.expire(application, ["rights"])
    return row


def join_as_new_co_writer(
    invitation: CoWriterInvitation, *, name: str, password: str, language: str, now: datetime
) -> User:
    """Make the account that is missing, and join with it. Raises RuleBroken."""
    user = account_by_mailed_link(email=invitation.email, name=name, password=password, language=language, now=now)
    accept_co_writing(invitation, actor=user, now=now)
    return user
