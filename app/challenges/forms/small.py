"""The small forms beside the editor: a new challenge, a sponsor's answer, staff, a cancellation."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from app.accounts.models import Organization
from app.challenges.forms.basics import limits, pair
from app.challenges.forms.fields import ChoiceSelectField
from app.challenges.inputs import Basics, Problem
from app.challenges.labels import staff_role_label
from app.challenges.models import ChallengeRole
from app.web.filters import current_language
from app.web.forms import BaseForm, choices


class CreateForm(BaseForm):
    host_id = ChoiceSelectField(_l("Organizer"))
    title_ko = StringField(_l("Title (Korean)"))
    title_en = StringField(_l("Title (English)"))
    slug = StringField(
        _l("Address of the call"), description=_l("Small letters, digits and hyphens; the call stands at /challenges/…")
    )
    receipt_prefix = StringField(_l("Prefix of receipt numbers"), description=_l("SF-2022 makes SF-2022-001."))

    def __init__(self, hosts: list[Organization], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.host_id.choices = choices([(str(h.id), h.name.in_language(current_language())) for h in hosts])
        limits(self, title=150)

    def given(self) -> Basics:
        return Basics(self.slug.data or "", (self.receipt_prefix.data or "").upper(), pair(self, "title"))

    def add_problems(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.add_error(problem.field, problem.sentence)


class ReviewForm(BaseForm):
    version = HiddenField()
    verdict = RadioField(
        _l("Your answer"),
        choices=choices([("approved", _l("We approve this draft")), ("changes", _l("Something should change"))]),
        validate_choice=False,
    )
    note = TextAreaField(_l("What should change, or a remark"), render_kw={"rows": 5})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.note.flags.maxlength = 2000
        self.note.flags.optional = True

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.verdict.data not in ("approved", "changes"):
            self.verdict.errors = [_("Choose one of the two answers.")]
            return False
        return bool(valid)

    def seen_version(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class StaffForm(BaseForm):
    email = StringField(_l("E-mail"), description=_l("Of a person who has an account."))
    role = ChoiceSelectField(_l("Role"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = choices([(role.value, staff_role_label(role)) for role in ChallengeRole])


class CancelForm(BaseForm):
    reason = TextAreaField(_l("Reason"), render_kw={"rows": 3})
