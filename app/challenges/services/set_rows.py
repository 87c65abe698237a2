"""The parts of a call that are lists: themes, prizes, and the three parts of its form that the editor shows as lists."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Organization, OrganizationKind, User
from app.challenges import checks
from app.challenges.form.checks import why_not_form
from app.challenges.inputs import Change, PrizeRow, ThemeRow
from app.challenges.models import Challenge, Prize, Theme
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
    if misfits := why_not_form(challenge.form, [row.code for row in rows]):
        raise RuleBroken(_("The application form does not fit these themes: %(problem)s", problem=misfits[0].sentence))
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
