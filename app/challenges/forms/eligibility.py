"""The form of who may apply."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.profile.codes import INDUSTRIES, REGIONS
from app.challenges.forms.basics import limits, pair, split
from app.challenges.forms.fields import DayField, WholeField
from app.challenges.forms.section import SectionForm
from app.challenges.inputs import Eligibility
from app.challenges.models import Challenge
from app.web.filters import local
from app.web.forms import choices

OPTIONAL = (
    "founded_within_years", "reference_date", "regions", "region_ko", "region_en", "employees_least", "employees_most",
    "revenue_most_krw", "industries", "industries_excluded", "entries_most", "exclusions_ko", "exclusions_en",
)  # fmt: skip


def _boxes(label: Any, description: Any = "") -> SelectMultipleField:
    return SelectMultipleField(
        label, description=description, validate_choice=False,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip


class EligibilityForm(SectionForm):
    founded_within_years = WholeField(
        _l("Founded within"),
        description=_l("Years before the reference date; empty: any age."),
        render_kw={"min": 1, "max": 100},
    )
    reference_date = DayField(_l("Reference date"), description=_l("The day to which the company's age is counted."))
    pre_founders_allowed = BooleanField(_l("Pre-founders (without a registration number) may apply"))
    regions = _boxes(_l("Head office in"), _l("None chosen: anywhere."))
    relocation_allowed = BooleanField(_l("A pledge to relocate there is enough"))
    region_ko = StringField(_l("Region (Korean)"), description=_l("In your own words, where more is to be said."))
    region_en = StringField(_l("Region (English)"), description=_l("In your own words, where more is to be said."))
    employees_least = WholeField(_l("Employees, at least"))
    employees_most = WholeField(_l("Employees, at most"))
    revenue_most_krw = WholeField(_l("Revenue of the last year, at most"))
    sme_only = BooleanField(_l("Only small and medium-sized enterprises; the applicant confirms it"))
    industries = _boxes(_l("Only these industries"), _l("None chosen: any."))
    industries_excluded = _boxes(_l("Not these industries"))
    entries_most = WholeField(
        _l("Applications of one company, at most"),
        description=_l("Over all themes; empty: one for each theme."),
    )
    exclusions_ko = TextAreaField(
        _l("Exclusions (Korean)"), render_kw={"rows": 4},
        description=_l("One to a line. The applicant confirms each of them when submitting."),
    )  # fmt: skip
    exclusions_en = TextAreaField(
        _l("Exclusions (English)"), render_kw={"rows": 4},
        description=_l("One to a line. The applicant confirms each of them when submitting."),
    )  # fmt: skip

    def prepare(self) -> None:
        limits(self, region=200, exclusions=4000)
        self.regions.choices = choices((region.value, local(name)) for region, name in REGIONS.items())
        industries = choices((one.value, local(name)) for one, name in INDUSTRIES.items())
        self.industries.choices = self.industries_excluded.choices = industries
        for name in OPTIONAL:
            self[name].flags.optional = True

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            "founded_within_years": challenge.founded_within_years, "reference_date": challenge.reference_date,
            "pre_founders_allowed": challenge.pre_founders_allowed, "regions": list(challenge.regions),
            "relocation_allowed": challenge.relocation_allowed, "employees_least": challenge.employees_least,
            "employees_most": challenge.employees_most, "revenue_most_krw": challenge.revenue_most_krw,
            "sme_only": challenge.sme_only, "industries": list(challenge.industries),
            "industries_excluded": list(challenge.industries_excluded), "entries_most": challenge.entries_most,
            **split(challenge.region, "region"), **split(challenge.exclusions, "exclusions"),
        }  # fmt: skip

    def given(self) -> Eligibility:
        return Eligibility(
            founded_within_years=self.founded_within_years.data,
            reference_date=self.reference_date.data,
            region=pair(self, "region"),
            exclusions=pair(self, "exclusions"),
            pre_founders_allowed=self.pre_founders_allowed.data,
            regions=self.regions.data or (),
            relocation_allowed=self.relocation_allowed.data,
            employees_least=self.employees_least.data,
            employees_most=self.employees_most.data,
            revenue_most_krw=self.revenue_most_krw.data,
            sme_only=self.sme_only.data,
            industries=self.industries.data or (),
            industries_excluded=self.industries_excluded.data or (),
            entries_most=self.entries_most.data,
        )
