"""When the pitch day begins and how long each team has."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired

from app.challenges.forms.fields import MomentField
from app.web.forms import BaseForm


class PitchDayForm(BaseForm):
    starts_at = MomentField(_l("First team"), validators=[InputRequired(_l("Enter when the first team begins."))])
    talk_minutes = IntegerField(_l("Talk"))
    question_minutes = IntegerField(_l("Question time"))
    change_minutes = IntegerField(_l("Between teams"))
