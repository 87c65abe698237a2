"""What applications have to say on the organizer's overview of a challenge."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.applications import queries, rules
from app.applications.labels import staff_label
from app.applications.states import ApplicationState
from app.applications.views.section_page import Asked
from app.challenges.form.model import Kind
from app.mail.queries import Delivery, list_deliveries_about
from app.web.panels import panel


@panel("challenge.managed")
def applications_received(challenge: Any) -> str:
    if not challenge.state.is_public:
        return ""
    counts, drafts = queries.count_received(challenge.id)
    return render_template(
        "applications/_panel_managed.html",
        challenge=challenge,
        drafts=drafts,
        states=[(s, staff_label(s)[0], counts[s]) for s in ApplicationState if counts.get(s)],
    )


@panel("application.received")
def mails_about(application: Any) -> str:
    """What was mailed about an application, and what became of each mail."""
    deliveries = list_deliveries_about(application.id)
    return _mails(application, deliveries, _("Mails to the applicant"), manage=True)


@panel("application.status")
def mails_to_me(application: Any) -> str:
    """What is out; what is still held may yet change, and is not the applicant's to read."""
    deliveries = list_deliveries_about(application.id, sent_only=True)
    return _mails(application, deliveries, _("Mails that we sent about this application"), manage=False)


def _mails(application: Any, deliveries: list[Delivery], title: str, *, manage: bool) -> str:
    if not deliveries:
        return ""
    return render_template(
        "applications/_panel_mails.html", application=application, deliveries=deliveries, title=title, manage=manage
    )


@panel("challenge.form")
def reached_by_a_new_form(challenge: Any) -> str:
    counts, drafts = queries.count_received(challenge.id)
    return render_template("applications/_panel_form.html", drafts=drafts, sent=sum(counts.values()))


@panel("challenge.question")
def question_as_asked(subject: Any) -> str:
    """One question as an applicant will see it; a file's has a form of its own, which cannot stand within the builder's."""
    challenge, question = subject
    if question.kind is Kind.FILE:
        return ""
    asked = Asked(question, rules.field_of(question), "", "", True, False, None, None)  # noqa: FBT003 - is_shown, is_live
    return render_template("applications/_panel_question.html", challenge=challenge, asked=asked)
