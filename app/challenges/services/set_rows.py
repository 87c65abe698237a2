"""The parts of a call that are lists: themes, documents, questions, consents, prizes. Rows are matched by their code."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Organization, OrganizationKind, User
from app.challenges import checks
from app.challenges.inputs import Change, ConsentRow, DocumentRow, PrizeRow, QuestionRow, ThemeRow
from app.challenges.models import Challenge, ConsentText, DocumentRequirement, Prize, Question, Theme
from app.challenges.services.edit import (
    begin_edit,
    end_edit,
    is_referenced,
    match_rows,
    refuse,
    why_not_remove_answered,
)
from app.challenges.states import Section
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.filters import current_language


def _name(text: Bilingual) -> str:
    return text.in_language(current_language())


def _is_applied_to(challenge: Challenge) -> bool:
    return any(is_referenced(theme) for theme in challenge.themes)


def set_themes(
    challenge: Challenge,
    rows: Sequence[ThemeRow],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The themes with their sponsors, in their order. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.THEMES, actor=actor, now=now, version=version, change=change)
    sponsors = sa.select(Organization.id).where(
        Organization.kind == OrganizationKind.SPONSOR, Organization.id.in_([row.sponsor_id for row in rows])
    )
    refuse(checks.check_themes(rows, db.session.scalars(sponsors)))
    pairs = match_rows(
        challenge.themes, rows, key_of_row=lambda t: t.code, key_of_given=lambda r: r.code,
        make=lambda: Theme(challenge_id=challenge.id), why_not_remove=lambda t: why_not_remove_answered(t, _name(t.title)),
    )  # fmt: skip
    for position, (theme, row) in enumerate(pairs, 1):
        assert row.sponsor_id is not None
        if theme.sponsor_id != row.sponsor_id and is_referenced(theme):
            raise RuleBroken(
                _("The sponsor of theme %(code)s stays: applications chose it already.", code=theme.code),
                field=f"rows-{position - 1}-sponsor_id",
            )
        theme.position, theme.code, theme.sponsor_id, theme.winners = position, row.code, row.sponsor_id, row.winners
        theme.title, theme.summary = row.title, row.summary
        db.session.add(theme)
    end_edit(edit)


def set_documents(
    challenge: Challenge,
    rows: Sequence[DocumentRow],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The documents that applicants hand in. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.DOCUMENTS, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_documents(rows))
    pairs = match_rows(
        challenge.documents, rows, key_of_row=lambda d: d.code, key_of_given=lambda r: r.code,
        make=lambda: DocumentRequirement(challenge_id=challenge.id),
        why_not_remove=lambda d: why_not_remove_answered(d, _name(d.title)),
    )  # fmt: skip
    for position, (document, row) in enumerate(pairs, 1):
        document.position, document.code, document.required = position, row.code, row.required
        document.title, document.hint, document.types = row.title, row.hint, list(row.types)
        document.max_mb, document.max_age_days, document.judges_see = row.max_mb, row.max_age_days, row.judges_see
        db.session.add(document)
    end_edit(edit)


def set_questions(
    challenge: Challenge,
    rows: Sequence[QuestionRow],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The questions of the application form. Once somebody applies, none is removed nor changes its kind. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.QUESTIONS, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_questions(rows))
    answered = _is_applied_to(challenge)

    def why_not_remove(question: Question) -> str | None:
        if answered:
            return _("“%(name)s” cannot be removed: applications answer it already.", name=_name(question.label))
        return None

    pairs = match_rows(
        challenge.questions, rows, key_of_row=lambda q: q.code, key_of_given=lambda r: r.code,
        make=lambda: Question(challenge_id=challenge.id), why_not_remove=why_not_remove,
    )  # fmt: skip
    for position, (question, row) in enumerate(pairs, 1):
        if answered and sa.inspect(question).persistent and question.kind is not row.kind:
            raise RuleBroken(
                _("“%(name)s” keeps its kind: applications answer it already.", name=_name(question.label)),
                field=f"rows-{position - 1}-kind",
            )
        question.position, question.code, question.kind = position, row.code, row.kind
        question.label, question.hint = row.label, row.hint
        question.required, question.limit, question.judges_see = row.required, row.limit, row.judges_see
        db.session.add(question)
    end_edit(edit)


def set_consents(
    challenge: Challenge,
    rows: Sequence[ConsentRow],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The consents, each read and given by itself. Consents given before stay bound to the text shown then. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.CONSENTS, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_consents(rows))
    pairs = match_rows(
        challenge.consents, rows, key_of_row=lambda c: c.code, key_of_given=lambda r: r.code,
        make=lambda: ConsentText(challenge_id=challenge.id),
        why_not_remove=lambda c: why_not_remove_answered(c, _name(c.title)),
    )  # fmt: skip
    for position, (consent, row) in enumerate(pairs, 1):
        if (
            sa.inspect(consent).persistent
            and consent.shares_with_sponsor != row.shares_with_sponsor
            and is_referenced(consent)
        ):
            raise RuleBroken(
                _("“%(name)s” keeps its purpose: applicants decided on it already.", name=_name(consent.title)),
                field=f"rows-{position - 1}-shares_with_sponsor",
            )
        consent.position, consent.code, consent.required = position, row.code, row.required
        consent.title, consent.text, consent.shares_with_sponsor = row.title, row.text, row.shares_with_sponsor
        db.session.add(consent)
    end_edit(edit)


def set_prizes(
    challenge: Challenge,
    rows: Sequence[PrizeRow],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The prizes, the highest first; a row with an id changes that prize. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.PRIZES, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_prizes(rows))

    def why_not_remove(prize: Prize) -> str | None:
        if is_referenced(prize):
            return _("“%(name)s” cannot be removed: it has been awarded.", name=_name(prize.title))
        return None

    pairs = match_rows(
        challenge.prizes, rows, key_of_row=lambda p: p.id, key_of_given=lambda r: r.id,
        make=lambda: Prize(challenge_id=challenge.id), why_not_remove=why_not_remove,
    )  # fmt: skip
    for position, (prize, row) in enumerate(pairs, 1):
        prize.position, prize.title, prize.count, prize.amount_krw = position, row.title, row.count, row.amount_krw
        db.session.add(prize)
    end_edit(edit)
