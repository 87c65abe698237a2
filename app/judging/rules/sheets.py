"""Who may write, sign, leave and reopen a score sheet, and what a score may be."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.challenges.models import Criterion
from app.challenges.states import Scale
from app.judging.marks import is_mark, least_of, top_of, total_of
from app.judging.models import ScoreSheet
from app.judging.rules.panel import local_text, why_not_conflict, why_not_organize, why_not_while_judging
from app.judging.states import JudgeState, SheetState
from app.web.filters import points


def _why_not_own(sheet: ScoreSheet, actor: User) -> str | None:
    if sheet.judge.user_id != actor.id or sheet.judge.state is not JudgeState.ACCEPTED:
        return _("Only the judge of this sheet can do this.")
    if reason := why_not_while_judging(sheet.round.challenge):
        return reason
    if sheet.judge.declared_at is None:
        return _("Declare your conflicts of interest first.")
    if sheet.state is SheetState.WITHDRAWN:
        return _("This sheet was withdrawn.")
    return None


def why_not_save(sheet: ScoreSheet, actor: User) -> str | None:
    if reason := _why_not_own(sheet, actor):
        return reason
    if sheet.state is SheetState.SIGNED:
        return _("This sheet is signed and locked. Only the organizer can reopen it.")
    return None


def why_not_recuse(sheet: ScoreSheet, actor: User) -> str | None:
    return _why_not_own(sheet, actor) or why_not_conflict([sheet])


def missing_criteria(criteria: Sequence[Criterion], scores: Mapping[str, str]) -> list[Criterion]:
    """The criteria that still need a score, in the order of the rubric; an optional one never does."""
    return [criterion for criterion in criteria if criterion.code not in scores and not criterion.optional]


def missing_comments(
    criteria: Sequence[Criterion], scores: Mapping[str, str], comments: Mapping[str, str]
) -> list[Criterion]:
    """The criteria whose mark is so low that the rubric asks for a comment, and that have none."""
    return [
        criterion
        for criterion in criteria
        if criterion.comment_below is not None
        and criterion.code in scores
        and Decimal(scores[criterion.code]) < criterion.comment_below
        and not comments.get(criterion.code, "").strip()
    ]


def why_not_sign(sheet: ScoreSheet, actor: User) -> str | None:
    """Why the sheet cannot be signed as it is saved; it names the first criterion that has no score."""
    if sheet.state is SheetState.SIGNED and sheet.judge.user_id == actor.id:
        return _("You have signed this sheet already.")
    if reason := why_not_save(sheet, actor):
        return reason
    if missing := missing_criteria(sheet.round.criteria, sheet.scores):
        return _why_not_without(missing)
    if total_of(sheet.round, sheet.scores) is None:
        return _("Enter a score for at least one criterion; then you can sign.")
    if silent := missing_comments(sheet.round.criteria, sheet.scores, sheet.comments):
        return _why_not_silent(silent[0], sheet.scores)
    return None


def _why_not_without(missing: Sequence[Criterion]) -> str:
    first = local_text(missing[0].title)
    if len(missing) == 1:
        return _("Enter a score for %(criterion)s; then you can sign.", criterion=first)
    return ngettext(
        "Enter a score for %(criterion)s and %(num)d more criterion; then you can sign.",
        "Enter a score for %(criterion)s and %(num)d more criteria; then you can sign.",
        len(missing) - 1,
        criterion=first,
    )


def _why_not_silent(criterion: Criterion, scores: Mapping[str, str]) -> str:
    name = local_text(criterion.title)
    if criterion.scale is Scale.GATE:
        return _("Write a comment on %(criterion)s: a no needs its reason. Then you can sign.", criterion=name)
    return _(
        "Write a comment on %(criterion)s: %(score)s is below %(least)s, which needs one. Then you can sign.",
        criterion=name,
        score=scores[criterion.code],
        least=points(criterion.comment_below),
    )


def score_refusal(criterion: Criterion, text: str) -> str:
    """The sentence for what was typed as a score and is none."""
    name, least, most = local_text(criterion.title), points(least_of(criterion)), points(top_of(criterion))
    if criterion.scale is Scale.GATE:
        return _("%(criterion)s: answer yes or no; %(value)s is neither.", criterion=name, value=text)
    if criterion.half_points:
        return _(
            "%(criterion)s: enter a number from %(least)s to %(most)s in steps of 0.5; %(value)s is not one.",
            criterion=name, least=least, most=most, value=text,
        )  # fmt: skip
    return _(
        "%(criterion)s: enter a whole number from %(least)s to %(most)s; %(value)s is not one.",
        criterion=name, least=least, most=most, value=text,
    )  # fmt: skip


def why_not_score(criterion: Criterion, score: Decimal) -> str | None:
    """Why `score` is no mark of the criterion's scale."""
    return None if is_mark(criterion, score) else score_refusal(criterion, points(score))


def why_not_reopen(sheet: ScoreSheet, actor: User | None) -> str | None:
    challenge = sheet.round.challenge
    if reason := why_not_organize(challenge, actor) or why_not_while_judging(challenge):
        return reason
    if sheet.state is not SheetState.SIGNED:
        return _("This sheet is not signed, so there is nothing to reopen.")
    return None
