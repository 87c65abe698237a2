"""The forms of the outbox and of the challenge's own words for its mails; what may stand in them is the rules' business."""

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField

from app.mail.wording import BODY_LIMIT
from app.web.forms import BaseForm, Counted


class WordingForm(BaseForm):
    """Both languages side by side; `seen_…` are the versions that the page showed."""

    subject_ko = StringField(_l("Subject (Korean)"))
    body_ko = TextAreaField(_l("Mail text (Korean)"), validators=[Counted(BODY_LIMIT)])
    seen_ko = IntegerField()
    subject_en = StringField(_l("Subject (English)"))
    body_en = TextAreaField(_l("Mail text (English)"), validators=[Counted(BODY_LIMIT)])
    seen_en = IntegerField()
    case = SelectField(_l("Preview with"), validate_choice=False, choices=[])


class HeldMailForm(BaseForm):
    subject = StringField(_l("Subject"))
    body = TextAreaField(
        _l("Text"),
        description=_l("Markdown: a blank line begins a paragraph, [words](address) is a link."),
        validators=[Counted(BODY_LIMIT)],
    )


class ReleaseForm(BaseForm):
    at = DateTimeLocalField(_l("Send on"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
