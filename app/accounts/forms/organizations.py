"""Forms about organizations and who belongs to them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, Length, Optional
from wtforms.widgets import HiddenInput

from app.accounts.forms.people import TOO_LONG, email_field
from app.accounts.models import LegalForm, MembershipRole, Organization, OrganizationKind
from app.accounts.services import Facts
from app.core.bilingual import Bilingual
from app.core.business_number import format_business_number
from app.web.forms import BaseForm, choices

LEGAL_FORMS = {
    LegalForm.CORPORATION: _l("Company (corporation)"),
    LegalForm.SOLE_TRADER: _l("Sole trader"),
    LegalForm.PRE_FOUNDER: _l("Pre-founder: not founded yet"),
    LegalForm.FOREIGN: _l("Company founded abroad"),
}
ROLES = {MembershipRole.ADMIN: _l("Admin"), MembershipRole.MEMBER: _l("Member")}
KINDS = {
    OrganizationKind.STARTUP: _l("Startup"),
    OrganizationKind.SPONSOR: _l("Sponsor"),
    OrganizationKind.HOST: _l("Organizer"),
}
NO_DATE = _l("Enter a date, such as 2022-09-23.")


def _text(label: str, most: int, description: str = "") -> StringField:
    return StringField(label, [Optional(), Length(max=most, message=TOO_LONG)], description=description)


class OrganizationForm(BaseForm):
    """All three kinds; those fields that a kind has not are taken away."""

    name_ko = StringField(_l("Name in Korean"), [Length(max=120, message=TOO_LONG)])
    name_en = StringField(_l("Name in English"), [Length(max=120, message=TOO_LONG)])
    legal_form = RadioField(
        _l("Legal form"),
        [AnyOf([form.value for form in LegalForm], _l("Choose the legal form."))],
        choices=choices(LEGAL_FORMS.items()),
        validate_choice=False,
    )
    business_number = _text(
        _l("Business registration number"),
        20,
        _l("10 digits, with or without hyphens. Pre-founders and companies from abroad may leave it empty."),
    )
    founded_on = DateField(
        _l("Date of founding"),
        [Optional()],
        description=_l("A company's incorporation, or the opening date of a sole trader, as on the certificate."),
    )
    predecessor_opened_on = DateField(
        _l("Opening date of the sole trader before it"),
        [Optional()],
        description=_l(
            "Only where a sole trader turned into this company. A company's age counts from the older date."
        ),
    )
    representative = _text(_l("Representative"), 100)
    certificate_post_ko = _text(_l("Their post, in Korean"), 60, _l("As it stands beside the name on certificates."))
    certificate_post_en = _text(_l("Their post, in English"), 60, _l("Such as CEO."))
    address = _text(_l("Address"), 200)
    website = _text(_l("Website"), 200, _l("The whole address, such as https://example.org."))
    accent = StringField(
        _l("Accent colour"),
        [Optional()],
        description=_l(
            "Your pages are painted in it. # and six digits, such as #2146c7; dark enough for text on white."
        ),
    )
    version = IntegerField(widget=HiddenInput())

    def __init__(self, kind: OrganizationKind, **values: Any) -> None:
        super().__init__(**values)
        startup = kind is OrganizationKind.STARTUP
        without = (
            ("certificate_post_ko", "certificate_post_en", "accent")
            if startup
            else ("legal_form", "founded_on", "predecessor_opened_on")
        )
        new = ("version",) if "data" not in values else ()
        for name in (*new, *without, *(("accent",) if kind is OrganizationKind.SPONSOR else ())):
            if name in self._fields:
                del self[name]
        for name in ("business_number", "founded_on"):
            if startup and name in self._fields:  # the rule says for whom
                self[name].flags.optional = False
        if not startup:
            self["business_number"].description = _l("10 digits, with or without hyphens.")

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationForm":
        """The form filled with what stands in the database, until something is posted."""
        return cls(organization.kind, data=written(organization))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for name in ("founded_on", "predecessor_opened_on"):
            if name in self._fields and self._fields[name].errors:
                self._fields[name].errors = [NO_DATE]
        if "version" in self._fields:  # a version that is none is an old one
            self._fields["version"].errors = []
        if not (self["name_ko"].data or self["name_en"].data):
            self.add_error("name_ko", _l("Enter the name in Korean, in English, or in both."))
        return not self.errors

    def facts(self) -> Facts:
        def text(name: str) -> str:
            return str(self._fields[name].data or "") if name in self._fields else ""

        def field(name: str) -> Any:
            return self._fields[name].data if name in self._fields else None

        return Facts(
            name=Bilingual(text("name_ko"), text("name_en")),
            legal_form=LegalForm(text("legal_form")) if text("legal_form") else None,
            business_number=text("business_number") or None,
            founded_on=field("founded_on"),
            predecessor_opened_on=field("predecessor_opened_on"),
            representative=text("representative"),
            address=text("address"),
            website=text("website"),
            accent=text("accent"),
            certificate_post=Bilingual(text("certificate_post_ko"), text("certificate_post_en")),
        )

    def shown(self) -> dict[str, str]:
        """Label and text of every field, for comparing two versions."""
        texts = {}
        for field in self:
            if isinstance(field, IntegerField | HiddenField) or field.name == "csrf_token":
                continue
            value = field.data
            if field.name == "legal_form":
                value = LEGAL_FORMS.get(LegalForm(value)) if value else ""
            texts[str(field.label.text)] = str(value or "")
        return texts


def written(organization: Organization) -> dict[str, Any]:
    """An organization's facts under the names of the form's fields."""
    legal_form, number = organization.legal_form, organization.business_number
    return {
        "name_ko": organization.name.ko,
        "name_en": organization.name.en,
        "legal_form": legal_form.value if legal_form is not None else None,
        "business_number": format_business_number(number) if number else "",
        "founded_on": organization.founded_on,
        "predecessor_opened_on": organization.predecessor_opened_on,
        "representative": organization.representative,
        "certificate_post_ko": organization.certificate_post.ko,
        "certificate_post_en": organization.certificate_post.en,
        "address": organization.address,
        "website": organization.website,
        "accent": organization.accent,
        "version": organization.version,
    }


class InvitationForm(BaseForm):
    email = email_field()
    role = SelectField(
        _l("Role"),
        [AnyOf([role.value for role in MembershipRole], _l("Choose admin or member."))],
        validate_choice=False,
        choices=choices(reversed(ROLES.items())),
        default=MembershipRole.MEMBER.value,
        description=_l("Admins can also change the organization's details and invite others."),
    )


class RoleForm(BaseForm):
    role = SelectField(
        _l("Role"),
        [AnyOf([role.value for role in MembershipRole], _l("Choose admin or member."))],
        validate_choice=False,
        choices=choices(ROLES.items()),
    )
