"""A password forgotten."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import services
from app.accounts.forms.people import EmailForm, ResetPasswordForm
from app.accounts.models import TokenPurpose
from app.accounts.session import end_session
from app.accounts.views.blueprint import MAILS, account_of, bp, link_gone, refused, too_many
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone
from app.web.clock import now


@bp.route("/forgot-password", methods=["GET", "POST"])
@access(anyone)
def ask_password_reset() -> ResponseReturnValue:
    form = EmailForm()
    page = "accounts/forgot_password.html"
    if not form.is_submitted():
        return render_template(page, form=form)
    if not form.validate():
        return refused(page, form)
    email = form.email.data or ""
    if wait := MAILS.hit(account_of(email)):
        return too_many(page, form, wait)
    services.ask_password_reset(email, now=now())
    db.session.commit()
    session["mailed_to"] = email
    return redirect(url_for(".show_password_reset_sent"), code=303)


@bp.get("/forgot-password/sent")
@access(anyone)
def show_password_reset_sent() -> ResponseReturnValue:
    return render_template("accounts/forgot_password_sent.html", mailed_to=session.get("mailed_to", ""))


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@access(anyone)
def reset_password(token: str) -> ResponseReturnValue:
    found = services.find_token(token, TokenPurpose.RESET_PASSWORD, now=now(), lock=request.method == "POST")
    if found is None:
        return link_gone(_("It was used already, or a newer one was sent, or it is older than an hour."))
    form = ResetPasswordForm()
    page = "accounts/reset_password.html"
    if not form.is_submitted():
        return render_template(page, form=form, email=found.user.email)
    if not form.validate():
        return refused(page, form, email=found.user.email)
    try:
        services.reset_password(found, form.password.data or "", now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, email=found.user.email)
    db.session.commit()
    end_session()
    flash(_("Your password is changed, and all sessions have ended. Sign in with the new one."), "success")
    return redirect(url_for(".sign_in"), code=303)
