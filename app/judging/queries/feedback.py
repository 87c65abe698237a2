"""What an applicant may learn of the sheets: comments and means, never whose they are."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from app.applications.models import Application
from app.challenges.models import Criterion, Round
from app.challenges.states import Scale
from app.core.database import db
from app.judging.marks import rule_of
from app.judging.models import ScoreSheet
from app.judging.official import criterion_aggregate, in_points
from app.judging.states import SheetState


@dataclass(frozen=True)
class ApplicantComments:
    """Comments from signed sheets: on the whole, and criterion code -> comments. Each list is shuffled by itself.

    So neither the order nor the same place in two lists tells which comments come from one judge.
    """

    general: list[str] = field(default_factory=list)
    by_criterion: dict[str, list[str]] = field(default_factory=dict)


def comments_for_applicant(application: Application) -> ApplicantComments:
    """All comments to the applicant; whether they are released is the caller's question. One statement, and no name in it."""
    query = sa.select(ScoreSheet.comment, ScoreSheet.comments).where(
        ScoreSheet.application_id == application.id, ScoreSheet.state == SheetState.SIGNED
    )
    general: list[str] = []
    by_criterion: dict[str, list[str]] = {}
    for comment, comments in db.session.execute(query):
        if comment:
            general.append(comment)
        for code, text in comments.items():
            by_criterion.setdefault(code, []).append(text)
    return ApplicantComments(
        _shuffled(general, application.id, ""),
        {code: _shuffled(texts, application.id, code) for code, texts in by_criterion.items()},
    )


def _shuffled(texts: list[str], application_id: UUID, place: str) -> list[str]:
    """The same order each time, and one that only the texts themselves decide."""
    return sorted(texts, key=lambda text: hashlib.sha256(f"{application_id} {place} {text}".encode()).digest())


def criterion_means(application: Application) -> list[tuple[Criterion, Decimal | None]]:
    """Each criterion of each round with its own aggregate over the signed sheets, as published; None where there is none."""
    query = sa.select(ScoreSheet.round_id, ScoreSheet.scores).where(
        ScoreSheet.application_id == application.id, ScoreSheet.state == SheetState.SIGNED
    )
    sheets: dict[UUID, list[dict[str, Decimal]]] = {}
    for round_id, scores in db.session.execute(query):
        sheets.setdefault(round_id, []).append({code: Decimal(score) for code, score in scores.items()})
    rounds = sa.select(Round).where(Round.challenge_id == application.challenge_id).order_by(Round.position)
    found: list[tuple[Criterion, Decimal | None]] = []
    for round_ in db.session.scalars(rounds.options(sa.orm.selectinload(Round.criteria))):
        rule = rule_of(round_)
        points = [in_points(marks, rule) for marks in sheets.get(round_.id, [])]
        for criterion in round_.criteria:
            if criterion.scale is Scale.GATE:
                continue
            ratio = criterion_aggregate(points, criterion.code, rule)
            found.append((criterion, ratio.rounded(rule.decimals) if ratio else None))
    return found
