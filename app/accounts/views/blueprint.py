"""The one blueprint of accounts, and what its views share."""

from datetime import timedelta
from math import ceil

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.rules import normal_email
from app.core.errors import RuleBroken
from app.web.clock import now
from app.web.filters import clock_time, left
from app.web.forms import BaseForm
from app.web.limits import Throttle

bp = Blueprint("accounts", __name__)

SIGN_IN = Throttle("sign-in", per_account="10 per 15 minutes", per_address="100 per 15 minutes")
MAILS = Throttle("mails", per_account="5 per hour", per_address="40 per hour")
PASSWORD = Throttle("password", per_account="10 per 15 minutes", per_address="100 per 15 minutes")
INVITATIONS = Throttle("invitations", per_account="100 per hour", per_address="300 per hour")


def account_of(email: str) -> str:
    """The account that an address names, however it is spelt: ｅxample.org is example.org, and must not count anew."""
    return normal_email(email) or email


def too_many(template: str, form: BaseForm, wait: timedelta, **values: object) -> ResponseReturnValue:
    """The form again with what was typed, and when to try again."""
    form.add_error(None, wait_sentence(wait))
    response = make_response(render_template(template, form=form, **values), 429)
    response.headers["Retry-After"] = str(ceil(wait.total_seconds()))
    return response


def wait_sentence(wait: timedelta) -> str:
    until = now() + wait
    return _(
        "Too many tries. You can try again in %(left)s, at %(time)s.", left=left(until, now()), time=clock_time(until)
    )


def refused(template: str, form: BaseForm, refusal: RuleBroken | None = None, **values: object) -> ResponseReturnValue:
    """The form again with what was typed and what has to be mended."""
    if refusal is not None:
        form.add_error(refusal.field, refusal.sentence)
    return render_template(template, form=form, **values), 422


def link_gone(sentence: str) -> ResponseReturnValue:
    """A mailed link that was used, has run out or never was."""
    return render_template("accounts/link_gone.html", sentence=sentence), 410
