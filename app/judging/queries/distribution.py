"""How a judge scored beside the others: totals of the same entries, once the judge has signed them all."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from uuid import UUID

import sqlalchemy as sa

from app.applications.models import Application
from app.challenges.models import Criterion
from app.core.database import db
from app.judging.models import Judge, ScoreSheet
from app.judging.queries.desk import QueueRow, visible
from app.judging.states import SheetState

BINS = 10
FEWEST_SHEETS, FEWEST_JUDGES = 5, 2  # of others; fewer would tell who gave which score


@dataclass(frozen=True)
class Spread:
    """Signed totals: how many fall into each tenth of the points, from the lowest on, and their middle."""

    counts: tuple[int, ...]
    mean: Decimal
    median: Decimal

    @property
    def sheets(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Distribution:
    """Own totals and those of the other judges of the same entries; `others` is None where they are too few to be shown."""

    most: Decimal
    own: Spread
    others: Spread | None


def spread(totals: list[Decimal], most: Decimal) -> Spread:
    """The spread of at least one total out of `most`; the full points belong to the last tenth."""
    counts = [0] * BINS
    for total in totals:
        counts[min(int(total * BINS / most), BINS - 1)] += 1
    return Spread(tuple(counts), sum(totals, Decimal(0)) / len(totals), Decimal(median(totals)))


def _most_points(round_id: UUID) -> Decimal:
    """What a sheet of the round is out of."""
    return db.session.scalar(sa.select(sa.func.sum(Criterion.points)).where(Criterion.round_id == round_id)) or Decimal(
        0
    )


def get_distribution(judge: Judge, queue: list[QueueRow]) -> Distribution | None:
    """None until every sheet of the queue is signed: whoever knew the panel's scores before could lean on them.

    Only entries that the judge has scored count, so that nothing is told of one in conflict. Two statements, or none.
    """
    own = [row.total for row in queue if row.signed and row.total is not None]
    if not own or len(own) != len(queue):
        return None
    most = _most_points(queue[0].round_id)
    mine = (
        sa.select(ScoreSheet.application_id)
        .join(Application, Application.id == ScoreSheet.application_id)
        .where(ScoreSheet.judge_id == judge.id, *visible())
    )
    query = sa.select(ScoreSheet.judge_id, ScoreSheet.total).where(
        ScoreSheet.round_id == queue[0].round_id,
        ScoreSheet.judge_id != judge.id,
        ScoreSheet.state == SheetState.SIGNED,
        ScoreSheet.application_id.in_(mine),
    )
    others = list(db.session.execute(query))
    enough = len(others) >= FEWEST_SHEETS and len({row.judge_id for row in others}) >= FEWEST_JUDGES
    return Distribution(most, spread(own, most), spread([row.total for row in others], most) if enough else None)
