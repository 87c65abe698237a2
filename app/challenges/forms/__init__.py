"""The forms of challenges: one for each section of a call, and the small ones beside them."""

from app.challenges.forms.basics import BasicsForm, ScheduleForm, TermsForm
from app.challenges.forms.eligibility import EligibilityForm
from app.challenges.forms.rows import PrizesForm, ThemesForm
from app.challenges.forms.rubric import RubricForm
from app.challenges.forms.section import SectionForm
from app.challenges.forms.small import CancelForm, CreateForm, ReviewForm, StaffForm
from app.challenges.states import Section

SECTION_FORMS: dict[Section, type[SectionForm]] = {
    Section.BASICS: BasicsForm,
    Section.SCHEDULE: ScheduleForm,
    Section.THEMES: ThemesForm,
    Section.ELIGIBILITY: EligibilityForm,
    Section.RUBRIC: RubricForm,
    Section.PRIZES: PrizesForm,
    Section.TERMS: TermsForm,
}

__all__ = ["SECTION_FORMS", "CancelForm", "CreateForm", "ReviewForm", "SectionForm", "StaffForm"]
