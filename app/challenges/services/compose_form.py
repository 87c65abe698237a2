"""Composing a call's form: every change goes into the working copy at once, and none reaches an applicant before it is put in force."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.form import changes
from app.challenges.form.checks import FormProblem, why_not_form, why_not_publish
from app.challenges.form.codec import form_sha256, read_form, write_form, write_question
from app.challenges.form.model import Form, Question, Section
from app.challenges.inputs import Change
from app.challenges.models import Challenge, FormDraft, FormStep
from app.challenges.queries.composing import form_in_force
from app.challenges.services.edit import lock
from app.challenges.services.set_form import set_form
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_json, canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit

Rewrite = Callable[[Form], Form]

STEPS_KEPT = 50
ONE_CHANGE = timedelta(seconds=40)  # typing that pauses for less is one change, which one undo takes back
MOST_CHARACTERS = 2_000_000


NAMELESS = Bilingual()


@dataclass(frozen=True)
class Deed:
    """What a change does, for the words of undo: the verb, the item ("q.team", "s.plan", "") and what it is called."""

    verb: str
    code: str = ""
    name: Bilingual = NAMELESS


def change_form(
    challenge: Challenge,
    deed: Deed,
    change: Rewrite,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> bool:
    """Change the working copy, and say whether that made a difference; begins the copy where there is none.

    `version` is the copy's as the person's page shows it, given where the change would undo what others did since.
    Raises RuleBroken, StaleEdit; nothing was stored.
    """
    draft, step = _hold(challenge, actor=actor, now=now)
    if version is not None and version != draft.version:
        raise StaleEdit(draft.version)
    before = read_form(step.content)
    after = change(before)
    content = write_form(after)
    if content == step.content:
        return False
    if len(canonical_json(content)) > MOST_CHARACTERS:
        raise RuleBroken(_("This form is too long to be stored."))
    draft.version += 1
    db.session.execute(sa.delete(FormStep).where(FormStep.challenge_id == challenge.id, FormStep.number > draft.at))
    if _goes_on(step, deed, actor, now):
        step.content, step.edited_at, step.name = content, now, deed.name
    else:
        draft.at += 1
        _add_step(draft, deed, content, actor=actor, now=now)
        forgotten = sa.delete(FormStep).where(
            FormStep.challenge_id == challenge.id, FormStep.number < draft.at - STEPS_KEPT
        )
        db.session.execute(forgotten)
    db.session.flush()
    return True


def _hold(challenge: Challenge, *, actor: User, now: datetime) -> tuple[FormDraft, FormStep]:
    """Lock the working copy, or begin it from the form in force, and give it with the step that it shows."""
    if reason := rules.why_not_compose(challenge, actor):
        raise RuleBroken(reason)
    query = sa.select(FormDraft).where(FormDraft.challenge_id == challenge.id).with_for_update()
    draft = db.session.scalar(query.execution_options(populate_existing=True))
    if draft is None:
        lock(challenge)  # two who begin at the same time
        draft = db.session.scalar(query.execution_options(populate_existing=True))
    in_force = form_in_force(challenge)
    if draft is None:
        draft = FormDraft(challenge_id=challenge.id, version=0, at=0, base_sha256=form_sha256(in_force))
        db.session.add(draft)
        db.session.flush()
        return draft, _add_step(draft, Deed("begin"), write_form(in_force), actor=actor, now=now)
    step = _step(draft, draft.at)
    if draft.base_sha256 != form_sha256(in_force) and form_sha256(read_form(step.content)) == draft.base_sha256:
        # It said nothing of its own, so it follows the form in force.
        draft.at += 1
        draft.base_sha256 = form_sha256(in_force)
        db.session.execute(sa.delete(FormStep).where(FormStep.challenge_id == challenge.id))
        step = _add_step(draft, Deed("begin"), write_form(in_force), actor=actor, now=now)
    return draft, step


def _step(draft: FormDraft, number: int) -> FormStep:
    query = sa.select(FormStep).where(FormStep.challenge_id == draft.challenge_id, FormStep.number == number)
    return db.session.scalars(query).one()


def _add_step(draft: FormDraft, deed: Deed, content: dict[str, Any], *, actor: User, now: datetime) -> FormStep:
    step = FormStep(
        challenge_id=draft.challenge_id, number=draft.at, verb=deed.verb, code=deed.code, name=deed.name, content=content,
        edited_at=now, edited_by_id=actor.id,
    )  # fmt: skip
    db.session.add(step)
    db.session.flush()
    return step


def _goes_on(step: FormStep, deed: Deed, actor: User, now: datetime) -> bool:
    """Whether this is more of what the last step did: the same person, typing on at the same item."""
    return (
        deed.verb == step.verb == "change"
        and deed.code == step.code
        and step.edited_by_id == actor.id
        and timedelta(0) <= now - step.edited_at < ONE_CHANGE
    )


def item_sha256(item: Question | Section) -> str:
    """What an item said when the page showed it, so that nobody writes over words that they have not seen."""
    if isinstance(item, Question):
        return canonical_sha256(write_question(item))
    return canonical_sha256([item.code, item.title.as_dict(), item.intro.as_dict(), list(item.themes)])


def save_question(
    challenge: Challenge, code: str, write: Rewrite, *, seen: str, name: Bilingual, actor: User, now: datetime
) -> bool:
    """Write what was typed into one question. `seen` is its item_sha256 as the page showed it.

    Raises RuleBroken, and StaleEdit where somebody else changed this very question since.
    """

    def change(form: Form) -> Form:
        after = write(form)
        if after != form and item_sha256(changes.question_of(form, code)) != seen:
            raise StaleEdit(0)
        return after

    deed = Deed("change", f"q.{code}", name)
    return change_form(challenge, deed, change, actor=actor, now=now)


def save_section(
    challenge: Challenge, code: str, write: Rewrite, *, seen: str, name: Bilingual, actor: User, now: datetime
) -> bool:
    """The same for the words and themes of a section."""

    def change(form: Form) -> Form:
        after = write(form)
        if after != form and item_sha256(changes.section_of(form, code)) != seen:
            raise StaleEdit(0)
        return after

    return change_form(challenge, Deed("change", f"s.{code}", name), change, actor=actor, now=now)


def replace_form(
    challenge: Challenge, deed: Deed, form: Form, *, themes: set[str], actor: User, now: datetime, version: int
) -> bool:
    """Put a whole form from elsewhere into the working copy. What it asks for themes that the call does not have, it asks for all.

    Raises RuleBroken, StaleEdit.
    """
    fitting = Form(
        tuple(
            replace(
                section,
                themes=tuple(t for t in section.themes if t in themes),
                questions=tuple(
                    replace(q, themes=tuple(t for t in q.themes if t in themes)) for q in section.questions
                ),
            )
            for section in form.sections
        )
    )
    return change_form(challenge, deed, lambda _form: fitting, actor=actor, now=now, version=version)


def undo_change(challenge: Challenge, *, actor: User, now: datetime, version: int) -> FormStep:
    """Take back the last change, whoever made it, and return its step. Raises RuleBroken, StaleEdit."""
    draft, step = _hold(challenge, actor=actor, now=now)
    if version != draft.version:
        raise StaleEdit(draft.version)
    earlier = sa.select(FormStep.id).where(FormStep.challenge_id == challenge.id, FormStep.number == draft.at - 1)
    if db.session.scalar(earlier) is None:
        raise RuleBroken(_("There is nothing to undo."))
    draft.at -= 1
    draft.version += 1
    return step


def redo_change(challenge: Challenge, *, actor: User, now: datetime, version: int) -> FormStep:
    """Make the change again that undo took back last, and return its step. Raises RuleBroken, StaleEdit."""
    draft, _present = _hold(challenge, actor=actor, now=now)
    if version != draft.version:
        raise StaleEdit(draft.version)
    query = sa.select(FormStep).where(FormStep.challenge_id == challenge.id, FormStep.number == draft.at + 1)
    step = db.session.scalar(query)
    if step is None:
        raise RuleBroken(_("There is nothing to redo."))
    draft.at += 1
    draft.version += 1
    return step


def discard_working_copy(challenge: Challenge, *, actor: User, now: datetime, version: int) -> None:
    """Make the working copy say what the form in force says, as a change that undo takes back. Raises RuleBroken, StaleEdit."""
    in_force = form_in_force(challenge)
    change_form(challenge, Deed("discard"), lambda _form: in_force, actor=actor, now=now, version=version)
    draft, _shown = _hold(challenge, actor=actor, now=now)
    draft.base_sha256 = form_sha256(in_force)


def keep_working_copy(challenge: Challenge, *, actor: User, now: datetime, version: int) -> None:
    """Go on from the working copy although the form in force was changed elsewhere since it began. Raises RuleBroken, StaleEdit."""
    draft, _step_shown = _hold(challenge, actor=actor, now=now)
    if version != draft.version:
        raise StaleEdit(draft.version)
    draft.base_sha256 = form_sha256(form_in_force(challenge))
    draft.version += 1


def put_in_force(
    challenge: Challenge, *, actor: User, now: datetime, version: int, challenge_version: int, change: Change | None
) -> None:
    """Make the working copy the form of the call. Once the call is out this takes a reason, and those with drafts are told.

    `version` is the copy's and `challenge_version` the call's, both as the person's page shows them. Raises RuleBroken, StaleEdit.
    """
    draft, step = _hold(challenge, actor=actor, now=now)
    if version != draft.version:
        raise StaleEdit(draft.version)
    form, standing = read_form(step.content), form_in_force(challenge)
    reason = rules.why_not_put_in_force(
        challenge, actor, is_changed=form_sha256(form) != form_sha256(standing),
        is_behind=draft.base_sha256 != form_sha256(standing), problems=what_keeps_back(challenge, form),
    )  # fmt: skip
    if reason:
        raise RuleBroken(reason)
    set_form(challenge, form, actor=actor, now=now, version=challenge_version, change=change)
    draft.base_sha256 = form_sha256(form)
    draft.version += 1


def what_keeps_back(challenge: Challenge, form: Form) -> list[FormProblem]:
    """What has to be mended before `form` can be put in force: a draft of a call may have gaps, a call that is out may not."""
    themes = [theme.code for theme in challenge.themes]
    return why_not_publish(form, themes) if rules.is_public(challenge) else why_not_form(form, themes)
