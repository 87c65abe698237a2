"""Forms about a startup's profile."""

from datetime import datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.accounts.forms.organizations import NO_DATE
from app.accounts.profile import rules
from app.accounts.profile.codes import DOCUMENT_KINDS, INDUSTRIES, REGIONS, STAGES
from app.accounts.profile.content import profile_texts
from app.accounts.profile.models import ProfileDocument, StartupProfile, TeamMember
from app.core.merging import fingerprints, write_bases
from app.web.filters import local, number
from app.web.forms import BaseForm, choices


class ProfileForm(BaseForm):
    """The facts. `bases` remembers what the page was made from; the fields of the years come with `profile_form`."""

    base = HiddenField()
    industry = SelectField(
        _l("Industry"),
        [Optional()],
        validate_choice=False,
        description=_l(
            "The section of the Korean Standard Industrial Classification (KSIC), as on your registration certificate."
        ),
    )
    region = SelectField(
        _l("Region"), [Optional()], validate_choice=False, description=_l("Where the head office is registered.")
    )
    employees = StringField(
        _l("Employees"), [Optional()], description=_l("With employment insurance, at the end of the last month.")
    )
    capital_krw = StringField(_l("Capital"), [Optional()])
    investment_stage = SelectField(_l("Investment stage"), [Optional()], validate_choice=False)
    one_line_ko = StringField(_l("In one line, in Korean"), [Optional()])
    one_line_en = StringField(_l("In one line, in English"), [Optional()])
    description_ko = TextAreaField(_l("About the company, in Korean"), [Optional()])
    description_en = TextAreaField(_l("About the company, in English"), [Optional()])
    products_ko = TextAreaField(
        _l("Products and services, in Korean"), [Optional()], description=_l("One on each line.")
    )
    products_en = TextAreaField(
        _l("Products and services, in English"), [Optional()], description=_l("One on each line.")
    )  # fmt: skip

    def texts(self) -> dict[str, str]:
        """What was typed, by fact."""
        return {n: str(f.data or "") for n, f in self._fields.items() if n not in ("base", "csrf_token")}

    def check(self, now: datetime) -> bool:
        """Say beside each field what cannot stand."""
        for name, text in self.texts().items():
            if reason := rules.why_not_fact(name, text, now):
                self.add_error(name, reason)
        return not self.errors

    def group_digits(self) -> None:
        """Write whole numbers as they are read: 50,000,000."""
        for name, field in self._fields.items():
            if (name in rules.WHOLE_NUMBERS or name.startswith("revenue_")) and str(field.data or "").isdigit():
                field.data = number(int(field.data))

    def revenues(self) -> list[Any]:
        return [field for name, field in self._fields.items() if name.startswith("revenue_")]


def profile_form(profile: StartupProfile | None, now: datetime, *, posted: bool) -> ProfileForm:
    """The form with the last years; with what was posted, or with what stands."""
    years = rules.years_shown(now)
    fields = {f"revenue_{year}": StringField(_l("Revenue in %(year)s", year=year), [Optional()]) for year in years}
    form_class = cast("Any", type("ProfileForm", (ProfileForm,), fields))
    standing = profile_texts(profile, years)
    form: ProfileForm = (
        form_class()
        if posted
        else form_class(formdata=None, data=standing | {"base": write_bases(fingerprints(standing))})
    )
    if not posted:
        form.group_digits()
    for name, codes in (("industry", INDUSTRIES), ("region", REGIONS), ("investment_stage", STAGES)):
        cast("Any", form)[name].choices = choices(
            [("", _l("Not said")), *((code.value, local(label)) for code, label in cast("Any", codes).items())]
        )
    for name in ("one_line_ko", "one_line_en", "description_ko", "description_en", "products_ko", "products_en"):
        cast("Any", form)[name].flags.maxlength = (
            rules.LONGEST_LINE if name.startswith("one_line") else rules.LONGEST_TEXT
        )
    return form


class TeamMemberForm(BaseForm):
    name = StringField(_l("Name"))
    role = StringField(_l("Role"), [Optional()], description=_l("Such as CTO, or head of development."))
    career = TextAreaField(
        _l("Career"),
        [Optional()],
        description=_l("Education and earlier work, as far as it matters to those who read it."),
    )

    @classmethod
    def of(cls, member: TeamMember) -> "TeamMemberForm":
        return cls(data={"name": member.name, "role": member.role, "career": member.career})

    def words(self) -> dict[str, str]:
        return {name: str(self._fields[name].data or "") for name in ("name", "role", "career")}


class DocumentForm(BaseForm):
    """A kept document; the file is asked for only where it is new."""

    kind = SelectField(_l("What it is"), validate_choice=False)
    file = FileField(_l("File"), description=_l("PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG or JPEG, up to 20MB."))
    issued_on = DateField(
        _l("Date of issue"), [Optional()], description=_l("As on the document; calls ask how old it is.")
    )
    expires_on = DateField(_l("Good until"), [Optional()], description=_l("Its last day, where it has one."))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = choices((kind.value, local(label)) for kind, label in DOCUMENT_KINDS.items())

    @classmethod
    def of(cls, document: ProfileDocument) -> "DocumentForm":
        form = cls(
            data={"kind": document.kind.value, "issued_on": document.issued_on, "expires_on": document.expires_on}
        )
        del form.file
        return form

    def check(self) -> bool:
        self.validate()
        for name in ("issued_on", "expires_on"):
            if self._fields[name].errors:
                self._fields[name].errors = [NO_DATE]
        if rules.document_kind(self.kind.data or "") is None:
            self.add_error("kind", str(_l("Choose one from the list.")))
        return not self.errors
