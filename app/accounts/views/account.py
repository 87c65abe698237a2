"""One's own account: name, address, password."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import services
from app.accounts.forms.organizations import KINDS, ROLES
from app.accounts.forms.people import ChangeEmailForm, ChangePasswordForm, ConfirmForm, NameForm
from app.accounts.models import TokenPurpose
from app.accounts.session import go_on, signed_in_user
from app.accounts.views.blueprint import MAILS, PASSWORD, account_of, bp, link_gone, refused, too_many
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone, signed_in
from app.web.clock import now


def account_values() -> dict[str, Any]:
    return {"user": signed_in_user(), "kinds": KINDS, "roles": ROLES}


@bp.get("/account")
@access(signed_in)
def show_account() -> ResponseReturnValue:
    user = signed_in_user()
    return render_template("accounts/account.html", form=NameForm(name=user.name), **account_values())


@bp.post("/account/name")
@access(signed_in)
def change_name() -> ResponseReturnValue:
    user, form = signed_in_user(), NameForm()
    if not form.validate():
        return refused("accounts/account.html", form, **account_values())
    services.change_name(user, form.name.data or "", actor=user, now=now())
    db.session.commit()
    flash(_("Your name is saved."), "success")
    return redirect(url_for(".show_account"), code=303)


@bp.route("/account/password", methods=["GET", "POST"])
@access(signed_in)
def change_password() -> ResponseReturnValue:
    user, form = signed_in_user(), ChangePasswordForm()
    page = "accounts/change_password.html"
    if not form.is_submitted():
        return render_template(page, form=form, user=user)
    if not form.validate():
        return refused(page, form, user=user)
    if wait := PASSWORD.hit(user.email):
        return too_many(page, form, wait, user=user)
    try:
        services.change_password(
            user, current=form.current.data or "", new=form.password.data or "", actor=user, now=now()
        )
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, user=user)
    db.session.commit()
    go_on(user)
    flash(_("Your password is changed. Everywhere else you have been signed out."), "success")
    return redirect(url_for(".show_account"), code=303)


@bp.route("/account/email", methods=["GET", "POST"])
@access(signed_in)
def change_email() -> ResponseReturnValue:
    user, form = signed_in_user(), ChangeEmailForm()
    page = "accounts/change_email.html"
    if not form.is_submitted():
        return render_template(page, form=form, user=user)
    if not form.validate():
        return refused(page, form, user=user)
    email = form.email.data or ""
    if wait := PASSWORD.hit(user.email) or MAILS.hit(account_of(email)):
        return too_many(page, form, wait, user=user)
    try:
        services.ask_email_change(user, email, current=form.current.data or "", actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, user=user)
    db.session.commit()
    flash(_("We sent a link to %(email)s. Your address changes when you open it.", email=email), "success")
    return redirect(url_for(".show_account"), code=303)


@bp.route("/change-email/<token>", methods=["GET", "POST"])
@access(anyone)
def confirm_new_email(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing, since mail scanners do; the button does."""
    found = services.find_token(token, TokenPurpose.CHANGE_EMAIL, now=now(), lock=request.method == "POST")
    if found is None:
        return link_gone(_("It was used already, or a newer one was sent, or it is older than a day."))
    form = ConfirmForm()
    page = "accounts/confirm_new_email.html"
    values: dict[str, Any] = {"new_email": found.new_email, "email": found.user.email}
    if not form.is_submitted():
        return render_template(page, form=form, **values)
    if not form.validate():
        return refused(page, form, **values)
    try:
        services.change_email(found, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, **values)
    db.session.commit()
    flash(_("Your address is changed. From now on you sign in with it."), "success")
    return redirect(url_for(".show_account"), code=303)
