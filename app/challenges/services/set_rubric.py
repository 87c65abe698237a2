"""The round of judging: its criteria with their points, and how sheets become one score."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import checks
from app.challenges.inputs import Change, Rubric
from app.challenges.models import Challenge, Criterion, Round
from app.challenges.services.edit import begin_edit, end_edit, is_referenced, match_rows, refuse
from app.challenges.states import Section
from app.core.database import db
from app.core.errors import RuleBroken


def set_rubric(
    challenge: Challenge,
    rubric: Rubric,
    *,
    actor: User,
    now: datetime,
    position: int = 1,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The round at `position` (there is one unless more are set) with its criteria and scoring rule. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.RUBRIC, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_rubric(rubric, challenge))
    round_ = next((r for r in challenge.rounds if r.position == position), None) or Round(position=position)
    if is_referenced(round_):
        raise RuleBroken(_("Judges score by this rubric already, so it stays."))
    round_.challenge_id, round_.title = challenge.id, rubric.title
    round_.starts_at, round_.ends_at = rubric.starts_at, rubric.ends_at
    round_.sheets_per_entry, round_.aggregate = rubric.sheets_per_entry, rubric.aggregate
    round_.trim, round_.trim_floor, round_.decimals = rubric.trim, rubric.trim_floor, rubric.decimals
    round_.pass_mark, round_.pass_mark_sees_bonus = rubric.pass_mark, rubric.pass_mark_sees_bonus
    round_.bonus_cap, round_.tie_break = rubric.bonus_cap, list(rubric.tie_break)
    db.session.add(round_)
    db.session.flush()
    pairs = match_rows(
        round_.criteria, rubric.criteria, key_of_row=lambda c: c.code, key_of_given=lambda r: r.code,
        make=lambda: Criterion(round_id=round_.id), why_not_remove=lambda _criterion: None,
    )  # fmt: skip
    for place, (criterion, row) in enumerate(pairs, 1):
        criterion.position, criterion.code, criterion.points = place, row.code, row.points
        criterion.title, criterion.description = row.title, row.description
        db.session.add(criterion)
    end_edit(edit)
