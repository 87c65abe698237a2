"""Inviting a judge, and answering the invitation."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from app.accounts.forms.people import JoinForm
from app.web.forms import BaseForm


class InviteForm(BaseForm):
    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(_l("Enter the judge's name.")),
            Length(max=100, message=_l("A name has at most 100 characters.")),
        ],
    )
    email = EmailField(
        _l("E-mail"),
        validators=[
            DataRequired(_l("Enter the judge's e-mail address.")),
            Length(max=320, message=_l("An e-mail address has at most 320 characters.")),
            Email(_l("Enter an e-mail address such as name@example.org.")),
        ],
    )
    affiliation = StringField(
        _l("Affiliation"),
        validators=[Length(max=150, message=_l("An affiliation has at most 150 characters."))],
    )
    is_chair = BooleanField(_l("Chair of the committee"))


def _pledge() -> BooleanField:
    return BooleanField(
        _l("I agree to the pledge."), validators=[InputRequired(_l("Agree to the pledge to accept the invitation."))]
    )


class AnswerForm(BaseForm):
    pledge = _pledge()


class AnswerAsNewForm(JoinForm):
    """The answer of a person without an account, who makes one with it."""

    pledge = _pledge()
