"""The forms of the public review and of appeals."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField

from app.awards.appeals.models import Appeal, PublicReview
from app.awards.appeals.rules import ANSWER_LIMIT, TEXT_LIMIT
from app.challenges.forms.fields import MomentField
from app.web.filters import local
from app.web.forms import BaseForm, choices


class AppealForm(BaseForm):
    """An applicant's appeal."""

    text = TextAreaField(_l("What went wrong in the procedure"), render_kw={"maxlength": TEXT_LIMIT, "rows": 6})


class ConcernForm(BaseForm):
    """A concern about one of those chosen; made by `concern_form`."""

    entry = SelectField(_l("Which entry"), validate_choice=False)
    text = TextAreaField(_l("What should be looked into"), render_kw={"maxlength": TEXT_LIMIT, "rows": 6})


def concern_form(review: PublicReview) -> ConcernForm:
    form = ConcernForm()
    form.entry.choices = choices((one.application_id, local(one.company)) for one in review.chosen)
    return form


class ReviewForm(BaseForm):
    """Until when those chosen are shown to everybody."""

    ends_at = MomentField(_l("Public review until"))


class AnswerForm(BaseForm):
    """The answer to one appeal, whose fields are named by it; made by `answer_form`."""


def answer_form(appeal: Appeal) -> AnswerForm:
    fields = {
        f"verdict-{appeal.id}": RadioField(
            _l("Answer"),
            choices=choices([("dismissed", _l("Dismiss: the decision stands")), ("upheld", _l("Uphold: it is looked at again"))]),
            default="dismissed",
        ),
        f"answer-{appeal.id}": TextAreaField(
            _l("Reason, as the one who objected reads it"), render_kw={"maxlength": ANSWER_LIMIT, "rows": 4}
        ),
    }  # fmt: skip
    made: type[AnswerForm] = type("OneAnswerForm", (AnswerForm,), dict(fields))
    return made()
