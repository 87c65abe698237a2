"""Signing up, and confirming the address."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import services
from app.accounts.forms.people import ConfirmForm, EmailForm, SignUpForm
from app.accounts.models import TokenPurpose
from app.accounts.session import begin_session, browser_sha256, user_or_none
from app.accounts.views.blueprint import MAILS, PASSWORD, account_of, bp, link_gone, refused, too_many
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone
from app.web.clock import now
from app.web.filters import current_language
from app.web.redirects import safe_path


@bp.route("/sign-up", methods=["GET", "POST"])
@access(anyone)
def sign_up() -> ResponseReturnValue:
    wanted = safe_path(request.values.get("next"))
    if user_or_none() is not None:
        return redirect(wanted or url_for(".show_account"), code=303)
    form = SignUpForm()
    form.next.data = wanted or ""
    page = "accounts/sign_up.html"
    if not form.is_submitted():
        form.email.data = request.args.get("email", "")
        return render_template(page, form=form)
    if not form.validate():
        return refused(page, form)
    email = form.email.data or ""
    if wait := MAILS.hit(account_of(email)):
        return too_many(page, form, wait)
    try:
        services.sign_up(
            email=email,
            name=form.name.data or "",
            password=form.password.data or "",
            language=current_language(),
            now=now(),
            browser_sha256=browser_sha256(begin=True),
            next_path=wanted or "",
        )
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal)
    db.session.commit()
    session["mailed_to"] = email
    return redirect(url_for(".show_sign_up_sent"), code=303)


@bp.get("/sign-up/sent")
@access(anyone)
def show_sign_up_sent() -> ResponseReturnValue:
    form = EmailForm()
    form.email.data = session.get("mailed_to", "")
    return render_template("accounts/sign_up_sent.html", form=form, mailed_to=form.email.data)


@bp.post("/sign-up/resend")
@access(anyone)
def resend_confirmation() -> ResponseReturnValue:
    form = EmailForm()
    page = "accounts/sign_up_sent.html"
    values: dict[str, Any] = {"mailed_to": session.get("mailed_to", "")}
    if not form.validate():
        return refused(page, form, **values)
    email = form.email.data or ""
    if wait := MAILS.hit(account_of(email)):
        return too_many(page, form, wait, **values)
    services.ask_confirmation_again(email, now=now())
    db.session.commit()
    session["mailed_to"] = email
    return redirect(url_for(".show_sign_up_sent"), code=303)


@bp.route("/confirm-email/<token>", methods=["GET", "POST"])
@access(anyone)
def confirm_email(token: str) -> ResponseReturnValue:
    """Mail scanners open links, so opening it changes nothing; the button does."""
    found = services.find_token(token, TokenPurpose.CONFIRM_EMAIL, now=now(), lock=request.method == "POST")
    if found is None:
        return link_gone(_("It was used already, or a newer one was sent, or it is older than three days."))
    form = ConfirmForm()
    here = browser_sha256()
    same_browser = here is not None and here == found.browser_sha256
    page = "accounts/confirm_email.html"
    values: dict[str, Any] = {"user": found.user, "same_browser": same_browser}
    if not form.is_submitted():
        return render_template(page, form=form, **values)
    if not form.validate():
        return refused(page, form, **values)
    if wait := PASSWORD.hit(found.user.email):
        return too_many(page, form, wait, **values)
    try:
        user = services.confirm_email(found, now=now(), browser_sha256=here, password=form.password.data or "")
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, **values)
    db.session.commit()
    wanted = safe_path(request.args.get("next"))
    begin_session(user)
    return redirect(wanted or url_for("challenges.list_challenges"), code=303)
