"""The form that applicants fill: put in force as a whole, and never under an applicant's hands without a new version of the rules."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.form.checks import why_not_form
from app.challenges.form.model import Form, Kind
from app.challenges.inputs import Change, InputRefused, Problem
from app.challenges.models import Challenge
from app.challenges.services.edit import begin_edit, end_edit
from app.challenges.states import Section
from app.core.jobs.queue import enqueue
from app.web.filters import local


def set_form(
    challenge: Challenge,
    form: Form,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """Put `form` in force. Once the call is out this takes a reason, makes a new version of the rules, and carries the drafts over.

    Raises RuleBroken (InputRefused with every problem, its field "question.<code>.<field>"), StaleEdit.
    """
    edit = begin_edit(challenge, Section.FORM, actor=actor, now=now, version=version, change=change)
    problems = [
        Problem(f"{'question' if p.question else 'section'}.{p.question or p.section}.{p.field}", p.sentence)
        for p in why_not_form(form, [theme.code for theme in challenge.themes])
    ]
    if rules.is_public(challenge):
        problems += _why_not_in_public(challenge.form, form)
    if problems:
        raise InputRefused(problems)
    before = challenge.form_sha256
    challenge.form = form
    if rules.is_public(challenge) and challenge.form_sha256 != before:
        enqueue(
            "applications.carry_over", {"challenge_id": str(challenge.id), "form_sha256": challenge.form_sha256},
            key=f"carry-over:{challenge.id}:{before}:{challenge.form_sha256}:{challenge.version}", now=now,
        )  # fmt: skip
    end_edit(edit)


def _why_not_in_public(old: Form, new: Form) -> list[Problem]:
    """A consent that applicants decided on keeps its purpose: another purpose is another consent."""
    found = []
    for question in new.questions():
        was = old.question(question.code)
        if was is None or was.kind is not Kind.CONSENT or question.kind is not Kind.CONSENT:
            continue
        if was.shares_with_sponsor != question.shares_with_sponsor:
            sentence = _("“%(name)s” keeps its purpose: applicants decided on it already.", name=local(was.label))
            found.append(Problem(f"question.{question.code}.shares_with_sponsor", sentence))
    return found
