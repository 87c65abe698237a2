"""Who may view, edit and submit an application, and who says so."""

from flask_babel import gettext as _

from app.accounts.models import MembershipRole, User
from app.applications.models import Application
from app.applications.writing.models import CoWriterInvitation
from app.applications.writing.states import Right
from app.challenges.rules import may_observe

MOST_GUESTS = 20


def default_right(role: MembershipRole) -> Right:
    """What the role in the startup gives: its admins submit, its members edit."""
    return Right.SUBMIT if role is MembershipRole.ADMIN else Right.EDIT


def right_of(application: Application, user: User | None) -> Right | None:
    """What the person may do with the application; None for whoever has nothing to do with it. Reads `application.rights`."""
    if user is None:
        return None
    row = next((r for r in application.rights if r.user_id == user.id), None)
    return right_by(
        user.role_in(application.startup_id), row.held if row else None, is_guest=row is not None and row.is_guest
    )


def right_by(role: MembershipRole | None, held: Right | None, *, is_guest: bool) -> Right | None:
    """The same by what the database holds: the role in the startup, and what was given."""
    if role is None:
        return held if is_guest else None
    return held or default_right(role)


def is_own(application: Application, user: User | None) -> bool:
    """Whether the person belongs to the application's team, with whatever right."""
    return right_of(application, user) is not None


def why_not_write(application: Application, actor: User) -> str | None:
    held = right_of(application, actor)
    if held is None:
        return _("Only the applicant's own people can change this application.")
    if not held.includes(Right.EDIT):
        return _("You may read this application but not change it. Whoever may submit it can give you that right.")
    return None


def why_not_act(application: Application, actor: User) -> str | None:
    """Why the person can neither submit nor take back, whatever the state and the time."""
    held = right_of(application, actor)
    if held is None:
        return _("Only the applicant's own people can submit this application.")
    if not held.includes(Right.SUBMIT):
        return _(
            "You may not submit this application. An admin of your startup, or whoever may submit it, can give you that right."
        )
    return None


def why_not_manage_team(application: Application, actor: User) -> str | None:
    """Those who may submit, and the startup's admins, say who else may do what: so nobody is ever locked out for good."""
    if right_of(application, actor) is Right.SUBMIT or actor.role_in(application.startup_id) is MembershipRole.ADMIN:
        return None
    return _("Only those who may submit this application, and the startup's admins, give and take rights.")


def why_not_give_right(now_held: Right, wanted: Right | None, *, submitters: int) -> str | None:
    """`submitters` is how many people may submit now; the last of them keeps that right."""
    if now_held is Right.SUBMIT and wanted is not Right.SUBMIT and submitters <= 1:
        return _("Somebody has to be able to submit, and this is the last one. Give the right to somebody else first.")
    return None


def why_not_use_profile(application: Application, actor: User) -> str | None:
    """The profile is the startup's own: a guest neither sees nor uses it."""
    if not actor.belongs_to(application.startup_id):
        return _("Only members of the startup can use its profile.")
    return None


def why_not_join(application: Application, user: User) -> str | None:
    """Whoever runs or watches the challenge writes none of its applications."""
    if may_observe(user, application.challenge):
        return _("You work on this challenge for its organizer, so you cannot write an application to it.")
    return None


def why_not_accept(invitation: CoWriterInvitation, actor: User) -> str | None:
    """An invitation is for the address that it was sent to."""
    if invitation.email != actor.email:
        return _(
            "This invitation was sent to %(invited)s, and you are signed in as %(actor)s.",
            invited=invitation.email, actor=actor.email,
        )  # fmt: skip
    return why_not_join(invitation.application, actor)
