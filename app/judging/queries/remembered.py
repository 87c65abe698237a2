"""Rankings once computed, kept for as long as nothing that they depend on changes.

One statement reads all of it as text, and that text is the key: there is no event that could be forgotten, and a ranking that
comes back after an undone change is the one of then. Each process keeps its own few.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from app.accounts.models import Organization
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Round
from app.core.database import db
from app.judging.models import Bonus, ChairDecision, Conflict, Judge, ScoreSheet
from app.judging.states import JudgeState, SheetState

Value = TypeVar("Value")
KEPT = 3  # a ranking of 2,000 entries takes about 10 MB


class Remembered(Generic[Value]):
    """The last few values by what they were computed from."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Callable[[], Hashable], compute: Callable[[], Value]) -> Value:
        """The value for `key()`, computed where it is not known; kept only if nothing has changed meanwhile."""
        before = key()
        with self._lock:
            if before in self._values:
                self._values.move_to_end(before)
                return self._values[before]
        value = compute()
        # SQLite reads as of the first statement; PostgreSQL may have seen what others committed in between.
        if db.session.get_bind().dialect.name == "sqlite" or key() == before:
            with self._lock:
                self._values[before] = value
                while len(self._values) > KEPT:
                    self._values.popitem(last=False)
        return value


def ranking_inputs(round_: Round, *known: object) -> Hashable:
    """All that the round's ranking is computed from, as text; `known` is what stands on objects that are loaded already."""
    return (round_.id, repr(known), *db.session.execute(sa.select(*_texts(round_))).one())


def _texts(round_: Round) -> list[sa.ScalarSelect[str]]:
    """Applications, sheets, conflicts, judges, bonus points and the chair's orders, each as one long text."""
    # The scores of a sheet that is not signed count for nothing, so that a judge's typing leaves the ranking as it is.
    scores = sa.case(
        (ScoreSheet.state == SheetState.SIGNED, sa.cast(ScoreSheet.scores, sa.Text)), else_=sa.literal("", sa.Text)
    )
    eligible = (Application.challenge_id == round_.challenge_id, Application.state == ApplicationState.ELIGIBLE)
    accepted = (Judge.challenge_id == round_.challenge_id, Judge.state == JudgeState.ACCEPTED)
    names = (Organization.name_ko, Organization.name_en)  # type: ignore[attr-defined] # the composite's own columns
    return [
        _all(sa.select(_line(Application.id, Application.theme_id, Application.receipt_number, *names).label("line"))
            .join(Organization, Organization.id == Application.startup_id).where(*eligible)),
        # A sheet's key stands for its judge and its application, which never change.
        _all(sa.select(_line(ScoreSheet.id, ScoreSheet.state, scores).label("line"))
            .where(ScoreSheet.round_id == round_.id)),
        _all(sa.select(_line(Conflict.application_id, Conflict.judge_id).label("line"))
            .join(Judge, Judge.id == Conflict.judge_id).where(*accepted)),
        _all(sa.select(_line(Judge.id).label("line")).where(*accepted)),
        _all(sa.select(_line(Bonus.id, Bonus.application_id, Bonus.points, Bonus.evidence, Bonus.given_at).label("line"))
            .where(Bonus.round_id == round_.id)),
        _all(sa.select(_line(ChairDecision.id, ChairDecision.order, ChairDecision.reason, ChairDecision.recorded_at).label("line"))
            .where(ChairDecision.round_id == round_.id)),
    ]  # fmt: skip


def _line(*columns: sa.ColumnElement[Any] | sa.orm.InstrumentedAttribute[Any]) -> sa.ColumnElement[str]:
    """One row as text. A value that is missing must not swallow the line."""
    texts: list[sa.ColumnElement[str]] = []
    for column in columns:
        text: sa.ColumnElement[Any] = sa.cast(column, sa.Text)
        texts.append(sa.func.coalesce(text, "-") if getattr(column, "nullable", False) else text)
    line = texts[0]
    for text in texts[1:]:
        line = line.concat("\x1f").concat(text)
    return line


def _all(lines: sa.Select[str]) -> sa.ScalarSelect[str]:
    rows = lines.subquery()
    return sa.select(sa.func.aggregate_strings(rows.c.line, "\x1e")).scalar_subquery()
