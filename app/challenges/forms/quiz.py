"""The form of the quiz: the questions that a call turns on, none of which has to be answered."""

from typing import Any, cast

from flask_babel import gettext as _
from wtforms import RadioField, SelectField

from app.accounts.models import LegalForm
from app.accounts.profile.codes import INDUSTRIES, REGIONS
from app.challenges.eligibility import Criteria, region_names
from app.challenges.eligibility.quiz import Ask, questions_of
from app.challenges.forms.fields import DayField, WholeField
from app.web.filters import day, local
from app.web.forms import BaseForm, choices

MOST = {Ask.EMPLOYEES: 1_000_000, Ask.REVENUE: 10**13}


class SinceField(DayField):
    first_year = 1900


class QuizForm(BaseForm):
    """Nonsense is refused beside its field; what is left open is an answer, too."""

    def given(self) -> dict[Ask, Any]:
        return {Ask(name): field.data or None if field.data != 0 else 0 for name, field in self.asked().items()}

    def asked(self) -> dict[str, Any]:
        return {name: field for name, field in self._fields.items() if name != "csrf_token"}

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for ask, most in MOST.items():
            field = self._fields.get(ask.value)
            if field is not None and field.data is not None and not 0 <= field.data <= most:
                text = _("Enter a number from %(least)s to %(most)s; %(value)s is not one.", least="0", most=f"{most:,}", value=f"{field.data:,}")  # fmt: skip
                field.errors = [*field.errors, text]
                valid = False
        return bool(valid)


def quiz_form(criteria: Criteria) -> QuizForm:
    """The form of one call, with what was posted."""
    fields = {ask.value: _field(ask, criteria) for ask in questions_of(criteria)}
    made = cast("Any", type("CallQuizForm", (QuizForm,), fields))
    form: QuizForm = made()
    for field in form.asked().values():
        choices_of = {str(value) for value, *_rest in field.iter_choices()} if hasattr(field, "iter_choices") else set()
        if choices_of and str(field.data or "") not in choices_of:
            field.data = ""  # what no page of ours offers is no answer
    return form


def _field(ask: Ask, criteria: Criteria) -> Any:
    if ask is Ask.LEGAL_FORM:
        return _radio(_("What are you?"), [
            (LegalForm.CORPORATION.value, _("A company (corporation)")), (LegalForm.SOLE_TRADER.value, _("A sole trader")),
            (LegalForm.PRE_FOUNDER.value, _("Not founded yet (pre-founder)")), (LegalForm.FOREIGN.value, _("A company from abroad")),
        ])  # fmt: skip
    if ask is Ask.SINCE:
        return SinceField(
            _("Since when do you exist?"),
            description=_("The day of incorporation; of a sole trader, the opening date. Where a sole trader turned into the company, the older of the two. It is compared with %(day)s.", day=day(criteria.reference)),
        )  # fmt: skip
    if ask in (Ask.REGION, Ask.INDUSTRY):
        return _select(ask, criteria)
    if ask is Ask.EMPLOYEES:
        about = _("With employment insurance, the representative not counted.")
        return WholeField(_("How many employees do you have?"), description=about)
    if ask is Ask.REVENUE:
        return WholeField(_("What was your revenue in the last year?"), description=_("In won."))
    return _yes_no_of(ask, criteria)


def _select(ask: Ask, criteria: Criteria) -> SelectField:
    names: dict[Any, Any] = REGIONS if ask is Ask.REGION else INDUSTRIES
    options = choices([("", _("Choose")), *((code.value, local(name)) for code, name in names.items())])
    if ask is Ask.REGION:
        about = _("Asked for: %(regions)s.", regions=region_names(criteria.regions))
        return SelectField(_("Where is your head office?"), validate_choice=False, choices=options, description=about)
    return SelectField(_("What is your industry?"), validate_choice=False, choices=options)


def _yes_no_of(ask: Ask, criteria: Criteria) -> RadioField:
    if ask is Ask.REGION_NOTE:
        return _yes_no(_("Do you meet this: %(condition)s?", condition=local(criteria.region_note)))
    if ask is Ask.SME:
        return _yes_no(_("Are you a small or medium-sized enterprise?"))
    return _yes_no(_("Does any of these apply to you?"), " · ".join(local(text) for text in criteria.exclusions))


def _radio(label: str, options: list[tuple[str, str]], description: str = "") -> RadioField:
    return RadioField(label, choices=choices(options), validate_choice=False, description=description)


def _yes_no(label: str, description: str = "") -> RadioField:
    return _radio(label, [("yes", _("Yes")), ("no", _("No")), ("unsure", _("I am not sure"))], description)
