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
from app.applications.rules import CONTACT, Fault
from app.applications.views import bp
from app.challenges.form.answers import show_value
from app.challenges.form.asking import for_theme
from app.challenges.form.model import Column, Form
from app.web.clock import now
from app.web.filters import current_language, day, local, won

CHECK = "check"


def own_or_404(application_id: UUID) -> Application:
    return queries.get_application_for(signed_in_user(), application_id) or abort(404)


def themed_form(application: Application) -> Form:
    """What the application may be asked: all that its theme is, hidden by its answers or not."""
    return for_theme(application.challenge.form, application.theme.code)


def code_of_section(application: Application, question: str) -> str:
    """The section that asks this question, by its code."""
    sections = themed_form(application).sections
    return next((s.code for s in sections if any(q.code == question for q in s.questions)), CONTACT)


@dataclass(frozen=True)
class FormState:
    """What is missing and what is wrong, as the list of sections and the summary tell it."""

    application: Application
    faults: list[Fault]
    current: str
    asked: Form

    def of(self, section: str, *, missing: bool = True) -> list[Fault]:
        return [f for f in self.faults if f.section == section and (missing or not f.missing)]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """The pages of the form in their order, by code and title: the contact, then every section that is asked now."""
        return [(CONTACT, _("Contact")), *((section.code, local(section.title)) for section in self.asked.sections)]

    def after(self, section: str) -> str:
        """The page that follows, CHECK after the last."""
        codes = [code for code, _title in self.pages]
        if section in codes:
            return [*codes, CHECK][codes.index(section) + 1]
        # A section that hides itself by its own answers: the next one of the form that is asked.
        order = [s.code for s in themed_form(self.application).sections]
        later = order[order.index(section) + 1 :] if section in order else []
        return next((code for code in later if code in codes), CHECK)

    @property
    def place(self) -> int:
        """The number of the present page, from 1."""
        codes = [code for code, _title in self.pages]
        return codes.index(self.current) + 1 if self.current in codes else len(codes) + 1

    @property
    def count(self) -> int:
        """How many pages there are, the check among them."""
        return len(self.pages) + 1

    @property
    def toc(self) -> list[tuple[str, str, bool, str, int]]:
        """The sections as the macro section_toc wants them."""
        lines = []
        for code, title in self.pages:
            url = url_for("applications.edit_application", application_id=self.application.id, section=code)
            state = "left" if self.of(code) else "done"
            lines.append((title, url, self.current == code, state, len(self.of(code, missing=False))))
        url = url_for("applications.check_application", application_id=self.application.id)
        return [*lines, (_("Check and submit"), url, self.current == CHECK, "left", 0)]


def form_state(application: Application, current: str) -> FormState:
    faults = rules.find_faults(application, today=now())
    return FormState(application, faults, current, rules.asked_form(application))


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


@bp.app_template_global()
def cell_text(column: Column, row: dict[str, str]) -> str:
    """One cell of a table that was answered, in words."""
    return show_value(column.kind, row.get(column.code, ""))
