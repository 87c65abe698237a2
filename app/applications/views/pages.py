"""What several pages of an application show."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import abort, url_for
from flask_babel import gettext as _

from app.accounts.profile.facts import FACTS
from app.accounts.session import signed_in_user
from app.applications import queries, rules
from app.applications.models import Application
from app.applications.rules import Fault, Section
from app.applications.views import bp
from app.web.clock import now
from app.web.filters import current_language, day, won


def own_or_404(application_id: UUID) -> Application:
    return queries.get_application_for(signed_in_user(), application_id) or abort(404)


def section_labels() -> dict[Section, str]:
    return {
        Section.CONTACT: _("Contact"),
        Section.PROPOSAL: _("Proposal"),
        Section.DOCUMENTS: _("Documents"),
        Section.CONSENTS: _("Consents"),
    }


@dataclass(frozen=True)
class FormState:
    """What is missing and what is wrong, as the list of sections and the summary tell it."""

    application: Application
    faults: list[Fault]
    current: str

    def of(self, section: Section, *, missing: bool = True) -> list[Fault]:
        return [f for f in self.faults if f.section is section and (missing or not f.missing)]

    @property
    def toc(self) -> list[tuple[str, str, bool, str, int]]:
        """The sections as the macro section_toc wants them."""
        lines = []
        for section, label in section_labels().items():
            url = url_for("applications.edit_application", application_id=self.application.id, section=section.value)
            state = "left" if self.of(section) else "done"
            lines.append((label, url, self.current == section, state, len(self.of(section, missing=False))))
        url = url_for("applications.check_application", application_id=self.application.id)
        return [*lines, (_("Check and submit"), url, self.current == "check", "left", 0)]


def form_state(application: Application, current: str) -> FormState:
    return FormState(application, rules.find_faults(application, today=now()), current)


def page_values(application: Application) -> dict[str, Any]:
    """What the frame of each page of an application needs."""
    challenge = application.challenge
    return {"application": application, "challenge": challenge, "accent_organization": challenge.host}


def deadline_of(application: Application) -> Any:
    """Until when the application can be changed: the correction's own date, else the close."""
    return application.correction_due_at or application.challenge.closes_at


@bp.app_template_filter("iso_day")
def iso_day(text: str) -> str:
    """A date that a frozen submission holds as text."""
    return day(date.fromisoformat(text))


@bp.app_template_filter("profile_lines")
def profile_lines(company: dict[str, Any]) -> list[tuple[str, str]]:
    """What a company's content says beside its registration, as far as it says anything: label and text."""
    found = ((fact, fact.text(company, current_language())) for fact in FACTS.values() if fact.of_profile)
    money = {"capital", "revenue"}
    return [(fact.label(), won(int(text)) if fact.name in money else text) for fact, text in found if text]


@bp.app_template_filter("fault_line")
def fault_line(fault: Fault) -> tuple[str, str, str]:
    """A fault as a line of the summary: where, what, why."""
    return fault.field, fault.label, fault.sentence
