"""Drafts follow the form of their call: answers that still fit go over, what does not is kept beside them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.applications.models import Application
from app.applications.services.locking import lock_application
from app.challenges.content import form_of
from app.challenges.form.carrying import Carried, Kept, carry_over
from app.challenges.form.codec import form_sha256
from app.challenges.form.model import Form
from app.challenges.models import RulesVersion
from app.core.audit.trail import record
from app.core.database import db


def follow_form(application: Application, *, now: datetime) -> bool:
    """Bring the answers of the locked application to the form that the call has now. False where they were there already.

    This is no other person's writing, so the version stays: a page that is open saves on (see typed_under).
    """
    challenge = application.challenge
    if application.form_sha256 == challenge.form_sha256:
        return False
    carried = carried_over(application, application.answers, application.form_sha256)
    changed = carried.answers != application.answers or len(carried.kept) != len(application.kept)
    put_carried(application, carried)
    if changed:
        record(
            "applications.follow_form", subject=application, actor=None, now=now, challenge_id=application.challenge_id,
            details={"kept": [kept.question.code for kept in carried.kept]},
        )  # fmt: skip
    return True


def carried_over(application: Application, answers: Mapping[str, Any], sha256: str) -> Carried:
    """`answers`, given to the form under this hash, as the call's present form takes them."""
    old = form_under(application.challenge_id, sha256) or Form()
    return carry_over(answers, old, application.challenge.form, [Kept.from_json(item) for item in application.kept])


def typed_under(application: Application, answers: Mapping[str, Any], sha256: str) -> Carried:
    """The same for what an open page sends again and again: the last of it takes the place of what it sent before."""
    old = form_under(application.challenge_id, sha256) or Form()
    asked = {question.code: Kept(question, "").as_json()["question"] for question in old.questions()}
    kept = [
        Kept.from_json(item)
        for item in application.kept
        if (code := item["question"]["code"]) not in answers or item["question"] != asked.get(code)
    ]
    return carry_over(answers, old, application.challenge.form, kept)


def put_carried(application: Application, carried: Carried) -> None:
    application.answers = carried.answers
    application.kept = [item.as_json() for item in carried.kept]
    application.form_sha256 = application.challenge.form_sha256


def form_under(challenge_id: UUID, sha256: str) -> Form | None:
    """The form under this hash among the versions of the call's rules, None where none of them had it."""
    query = (
        sa.select(RulesVersion.content)
        .where(RulesVersion.challenge_id == challenge_id)
        .order_by(RulesVersion.number.desc())
    )
    for content in db.session.scalars(query):
        form = form_of(content)
        if form is not None and form_sha256(form) == sha256:
            return form
    return None


def behind(challenge_id: UUID, sha256: str, *, limit: int) -> list[UUID]:
    """Applications of the call whose answers were given to another form."""
    query = (
        sa.select(Application.id)
        .where(Application.challenge_id == challenge_id, Application.form_sha256 != sha256)
        .order_by(Application.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def follow_one(application_id: UUID, *, now: datetime) -> None:
    """Bring one application to its call's form."""
    application = db.session.get(Application, application_id)
    if application is not None:
        lock_application(application)
        follow_form(application, now=now)
