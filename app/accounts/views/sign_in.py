"""Signing in and out, and the language of the pages."""

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import services
from app.accounts.forms.people import SignInForm
from app.accounts.session import begin_session, end_session, user_or_none
from app.accounts.views.blueprint import SIGN_IN, account_of, bp, refused, too_many
from app.core.bilingual import LANGUAGES
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone
from app.web.clock import now
from app.web.redirects import safe_path


@bp.route("/sign-in", methods=["GET", "POST"])
@access(anyone)
def sign_in() -> ResponseReturnValue:
    wanted = safe_path(request.values.get("next"))
    if user_or_none() is not None and request.method == "GET":
        return redirect(wanted or url_for("challenges.list_challenges"), code=303)
    form = SignInForm()
    form.next.data = wanted or ""
    page = "accounts/sign_in.html"
    if not form.is_submitted():
        return render_template(page, form=form)
    if not form.validate():
        return refused(page, form)
    email, password = form.email.data or "", form.password.data or ""
    if wait := SIGN_IN.hit(account_of(email)):
        return too_many(page, form, wait)
    user = services.sign_in(email, password, now=now(), with_samples=current_app.config["DEVELOPMENT"])
    if user is None:
        refusal = _("The address or the password is wrong, or the address has not been confirmed yet.")
        return refused(page, form, RuleBroken(refusal))
    db.session.commit()
    SIGN_IN.forget(account_of(email))
    begin_session(user)
    return redirect(wanted or url_for("challenges.list_challenges"), code=303)


@bp.post("/sign-out")
@access(anyone)
def sign_out() -> ResponseReturnValue:
    end_session()
    return redirect(safe_path(request.form.get("next")) or url_for("challenges.list_challenges"), code=303)


@bp.post("/language")
@access(anyone)
def set_language() -> ResponseReturnValue:
    """Remember the language: with the person, or with a visitor's browser."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = language
        if (user := user_or_none()) is not None:
            services.set_language(user, language, actor=user, now=now())
            db.session.commit()
    return redirect(safe_path(request.form.get("next")) or url_for("challenges.list_challenges"), code=303)
