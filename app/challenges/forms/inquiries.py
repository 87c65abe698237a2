"""The forms of questions and answers; what may stand in them is the rules' business."""

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField

from app.challenges.inquiry_rules import ANSWER_LIMIT, TEXT_LIMIT
from app.web.forms import BaseForm, Counted


class AskForm(BaseForm):
    text = TextAreaField(
        _l("Your question"), validators=[Counted(TEXT_LIMIT)],
        description=_l("Write nothing that says who you are: the organizer may publish it as it stands."),
    )  # fmt: skip


class AnswerForm(BaseForm):
    """The question as it is published, and its answer, in both languages or one."""

    published_ko = TextAreaField(_l("Question as published (Korean)"), validators=[Counted(TEXT_LIMIT)])
    answer_ko = TextAreaField(_l("Answer (Korean)"), validators=[Counted(ANSWER_LIMIT)])
    published_en = TextAreaField(_l("Question as published (English)"), validators=[Counted(TEXT_LIMIT)])
    answer_en = TextAreaField(_l("Answer (English)"), validators=[Counted(ANSWER_LIMIT)])
    into = SelectField(_l("Answer that says it already"), validate_choice=False, choices=[])
    reason = StringField(_l("Reason"), description=_l("Only the one who asked reads it."))
    seen = IntegerField()


class UntilForm(BaseForm):
    until = DateTimeLocalField(
        _l("Questions are taken until"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description=_l("Empty: until applications close."),
    )  # fmt: skip
