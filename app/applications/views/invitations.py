"""The page behind a co-writer's link: join with the account that one has, or with one made here."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.forms.people import JoinForm
from app.accounts.models import User
from app.accounts.queries import has_account
from app.accounts.session import begin_session, user_or_none
from app.accounts.views.blueprint import link_gone, refused
from app.applications.labels import right_labels
from app.applications.views import bp
from app.applications.writing import queries, rules, services
from app.applications.writing.models import CoWriterInvitation
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone
from app.web.clock import now
from app.web.filters import current_language


@bp.route("/co-writing/<token>", methods=["GET", "POST"])
@access(anyone)
def accept_co_writing(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing; the button does. The link proves the address, so an account made here is confirmed."""
    invitation = queries.get_invitation(token, lock=request.method == "POST")
    if invitation is None or invitation.accepted_at is not None or now() >= invitation.expires_at:
        return link_gone(_("The invitation was accepted already or cancelled, or it is older than two weeks."))
    user, form, known = user_or_none(), JoinForm(), has_account(invitation.email)
    values: dict[str, Any] = {
        "invitation": invitation,
        "user": user,
        "has_account": known,
        "why_not": rules.why_not_accept(invitation, user) if user is not None else None,
        "here": url_for(".accept_co_writing", token=token),
        "may": right_labels()[invitation.offered],
    }
    page = "applications/writing/invitation.html"
    if not form.is_submitted():
        return render_template(page, form=form, **values)
    if user is None and known:
        return redirect(url_for("accounts.sign_in", next=values["here"]), code=303)
    if user is None and not form.validate():
        return refused(page, form, **values)
    try:
        member = join(invitation, user, form)
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, **values)
    application_id = invitation.application_id
    db.session.commit()
    if user is None:
        begin_session(member)
    flash(_("Welcome. You write this application with the startup now."), "success")
    return redirect(url_for(".show_application", application_id=application_id), code=303)


def join(invitation: CoWriterInvitation, user: User | None, form: JoinForm) -> User:
    if user is not None:
        services.accept_co_writing(invitation, actor=user, now=now())
        return user
    return services.join_as_new_co_writer(
        invitation, name=form.name.data or "", password=form.password.data or "", language=current_language(), now=now()
    )
