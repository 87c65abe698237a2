"""The ranking of a round by its published rule, read in a handful of statements whatever the number of entries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Organization
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Round
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.marks import rule_of
from app.judging.models import Bonus, ChairDecision, Conflict, Judge, ScoreSheet
from app.judging.official import Entry, Placed, Rule, Tie, criterion_aggregate, in_points, rank_entries
from app.judging.queries.remembered import Remembered, ranking_inputs
from app.judging.states import JudgeState, SheetState


@dataclass(frozen=True)
class BonusLine:
    """Bonus points with what proves them."""

    id: UUID
    points: Decimal
    evidence: str


@dataclass(frozen=True)
class ThemeLine:
    """A theme and how many winners it has."""

    id: UUID
    code: str
    title: Bilingual
    winners: int


@dataclass(frozen=True)
class RankedEntry:
    """One eligible application with its official result; see `official.Placed` for what each number means.

    `rank` counts over all, `theme_rank` within the theme; both are None below the pass mark and without a score. `mean` is before
    `bonus`, `final` after it. `sheets` of `expected` are signed (`provisional` while some are missing); `recused` judges stepped
    back from it. `tie` and `theme_tie` explain, value by value, how equal scores were parted or that they were not.
    """

    application_id: UUID
    receipt_number: str
    company: Bilingual
    theme: ThemeLine
    placed: Placed[UUID]
    bonuses: tuple[BonusLine, ...]
    recused: int
    scores: tuple[Mapping[str, Decimal], ...] = field(repr=False)
    rule: Rule = field(repr=False)

    @property
    def sheets(self) -> int:
        return self.placed.sheets

    @property
    def expected(self) -> int:
        return self.placed.expected

    @property
    def provisional(self) -> bool:
        return self.placed.provisional

    @property
    def mean(self) -> Decimal | None:
        return self.placed.mean

    @property
    def bonus(self) -> Decimal:
        return self.placed.bonus

    @property
    def final(self) -> Decimal | None:
        return self.placed.final

    @property
    def passes(self) -> bool | None:
        return self.placed.passes

    @property
    def rank(self) -> int | None:
        return self.placed.rank

    @property
    def theme_rank(self) -> int | None:
        return self.placed.group_rank

    @property
    def tie(self) -> Tie[UUID] | None:
        return self.placed.tie

    @property
    def theme_tie(self) -> Tie[UUID] | None:
        return self.placed.group_tie

    @cached_property
    def criterion_means(self) -> dict[str, Decimal | None]:
        """Criterion code -> its own aggregate by the rule, as published; in the order of the rubric."""
        found = {code: criterion_aggregate(self.scores, code, self.rule) for code in self.rule.criteria}
        return {code: ratio.rounded(self.rule.decimals) if ratio else None for code, ratio in found.items()}


@dataclass(frozen=True)
class ChairLine:
    """The chair's order of tied applications, first to last, with its reason."""

    order: tuple[UUID, ...]
    reason: str
    recorded_at: datetime


@dataclass(frozen=True)
class RankingTable:
    """All eligible applications of a round: ranked ones first, then below the pass mark, then without a score.

    `ties` and `theme_ties` hold every set of equal published scores, settled or not. `open_sheets` counts sheets that are not
    signed, `short` the entries with fewer sheets than are due.
    """

    round_id: UUID
    rule: Rule
    themes: tuple[ThemeLine, ...]
    entries: tuple[RankedEntry, ...]
    ties: tuple[Tie[UUID], ...]
    theme_ties: tuple[Tie[UUID], ...]
    open_sheets: int
    decisions: tuple[ChairLine, ...]  # the chair's, oldest first

    @cached_property
    def by_application(self) -> dict[UUID, RankedEntry]:
        return {entry.application_id: entry for entry in self.entries}

    @cached_property
    def short(self) -> int:
        return sum(entry.provisional for entry in self.entries)

    def sharing(self, tie: Tie[UUID], *, within_theme: bool) -> list[tuple[UUID, ...]]:
        """The entries of `tie` that still share a rank, as groups."""
        groups: dict[int | None, list[UUID]] = {}
        for key in tie.keys:
            entry = self.by_application[key]
            groups.setdefault(entry.theme_rank if within_theme else entry.rank, []).append(key)
        return [tuple(group) for group in groups.values() if len(group) > 1]

    @property
    def open_ties(self) -> list[Tie[UUID]]:
        """Ties within themes, or over all, that the chain has left standing."""
        return [tie for tie in (*self.theme_ties, *self.ties) if not tie.settled]

    @cached_property
    def by_theme(self) -> dict[UUID, tuple[RankedEntry, ...]]:
        """The entries of each theme, in its own order."""
        members: dict[UUID, list[RankedEntry]] = {theme.id: [] for theme in self.themes}
        for entry in self.entries:
            members[entry.theme.id].append(entry)
        return {
            theme_id: tuple(sorted(mine, key=lambda entry: (entry.theme_rank is None, entry.theme_rank or 0)))
            for theme_id, mine in members.items()
        }

    @cached_property
    def passing(self) -> dict[UUID | None, int]:
        """How many pass in each theme, and over all (None)."""
        counted: dict[UUID | None, int] = {
            theme_id: sum(bool(entry.passes) for entry in mine) for theme_id, mine in self.by_theme.items()
        }
        return counted | {None: sum(counted.values())}

    @cached_property
    def with_bonus(self) -> tuple[RankedEntry, ...]:
        return tuple(entry for entry in self.entries if entry.bonuses)

    def in_theme(self, theme_id: UUID) -> list[RankedEntry]:
        """The entries of one theme, in its own order."""
        return list(self.by_theme[theme_id])


_known: Remembered[RankingTable] = Remembered()


def get_ranking(round_: Round, *, with_chair: bool = True) -> RankingTable:
    """Score and rank the round's eligible applications, or find them ranked already.

    One statement where nothing has changed since, else five (six on PostgreSQL), and those for the round's criteria, its
    challenge and the themes where they are not loaded. For callers who may see scores; nothing is filtered here. `with_chair`
    False leaves the chair's orders out of it, which shows what the chair may decide.
    """
    rule = rule_of(round_)
    themes = {t.id: ThemeLine(t.id, t.code, t.title, t.winners) for t in round_.challenge.themes}
    return _known.get(
        lambda: ranking_inputs(round_, rule, themes, round_.sheets_per_entry, with_chair),
        lambda: compute_ranking(round_, rule, themes, with_chair=with_chair),
    )


def compute_ranking(round_: Round, rule: Rule, themes: Mapping[UUID, ThemeLine], *, with_chair: bool) -> RankingTable:
    """The ranking from what the tables hold now."""
    judges = sa.select(sa.func.count()).select_from(Judge).where(*_accepted(round_)).scalar_subquery()
    conflicts = _conflicts(round_)
    applications = db.session.execute(
        sa.select(
            Application.id,
            Application.receipt_number,
            Application.theme_id,
            Organization.name,
            judges.label("judges"),
            sa.func.coalesce(conflicts.c.recused, 0).label("recused"),
            sa.func.coalesce(conflicts.c.barred, 0).label("barred"),
        )
        .join(Organization, Organization.id == Application.startup_id)
        .outerjoin(conflicts, conflicts.c.application_id == Application.id)
        .where(Application.challenge_id == round_.challenge_id, Application.state == ApplicationState.ELIGIBLE)
    ).all()
    signed, assigned, open_sheets = _sheets(round_.id)
    if rule.scales:
        for mine in signed.values():
            mine[:] = [in_points(marks, rule) for marks in mine]
    bonuses = _bonuses(round_.id)
    entries = []
    for row in applications:
        planned = min(round_.sheets_per_entry - row.recused, row.judges - row.barred)
        bonus = sum((line.points for line in bonuses[row.id]), Decimal(0))
        expected = max(assigned[row.id], planned)
        entries.append(Entry(row.id, tuple(signed[row.id]), group=row.theme_id, bonus=bonus, expected=expected))
    decisions = _decisions(round_.id)
    ranking = rank_entries(entries, rule, [line.order for line in decisions] if with_chair else ())
    rows = {row.id: row for row in applications}
    return RankingTable(
        round_id=round_.id, rule=rule, themes=tuple(themes.values()), decisions=tuple(decisions), ties=ranking.ties,
        theme_ties=ranking.group_ties,
        open_sheets=sum(open_sheets[row.id] for row in applications),
        entries=tuple(
            RankedEntry(
                application_id=placed.key, receipt_number=rows[placed.key].receipt_number, company=rows[placed.key].name,
                theme=themes[rows[placed.key].theme_id], placed=placed, bonuses=tuple(bonuses[placed.key]),
                recused=rows[placed.key].recused, scores=tuple(signed[placed.key]), rule=rule,
            )
            for placed in ranking.entries
        ),
    )  # fmt: skip


_decimal = lru_cache(maxsize=2048)(Decimal)  # a rubric has few different scores, and thousands of sheets hold them


def _sheets(round_id: UUID) -> tuple[dict[UUID, list[dict[str, Decimal]]], dict[UUID, int], dict[UUID, int]]:
    """By application: the signed sheets' scores, how many sheets are given out, and how many of those are open."""
    query = sa.select(ScoreSheet.application_id, ScoreSheet.state, ScoreSheet.scores).where(
        ScoreSheet.round_id == round_id, ScoreSheet.state != SheetState.WITHDRAWN
    )
    signed: dict[UUID, list[dict[str, Decimal]]] = defaultdict(list)
    assigned: dict[UUID, int] = defaultdict(int)
    open_sheets: dict[UUID, int] = defaultdict(int)
    for application_id, state, scores in db.session.execute(query):
        assigned[application_id] += 1
        if state is SheetState.SIGNED:
            signed[application_id].append({code: _decimal(score) for code, score in scores.items()})
        else:
            open_sheets[application_id] += 1
    return signed, assigned, open_sheets


def _accepted(round_: Round) -> tuple[sa.ColumnElement[bool], ...]:
    return (Judge.challenge_id == round_.challenge_id, Judge.state == JudgeState.ACCEPTED)


def _conflicts(round_: Round) -> sa.Subquery:
    """By application: how many judges stepped back from a sheet (recused), and how many are in conflict in all (barred).

    A recusal lowers the entry's number of sheets; so does a conflict where no judge is left to take the place.
    """
    sheet = sa.and_(
        ScoreSheet.judge_id == Conflict.judge_id,
        ScoreSheet.application_id == Conflict.application_id,
        ScoreSheet.round_id == round_.id,
    )
    return (
        sa.select(
            Conflict.application_id, sa.func.count(ScoreSheet.id).label("recused"), sa.func.count().label("barred")
        )
        .select_from(Conflict)
        .join(Judge, sa.and_(Judge.id == Conflict.judge_id, *_accepted(round_)))
        .outerjoin(ScoreSheet, sheet)
        .group_by(Conflict.application_id)
        .subquery()
    )


def _bonuses(round_id: UUID) -> dict[UUID, list[BonusLine]]:
    query = sa.select(Bonus.application_id, Bonus.id, Bonus.points, Bonus.evidence).where(Bonus.round_id == round_id)
    lines: dict[UUID, list[BonusLine]] = defaultdict(list)
    for application_id, bonus_id, points, evidence in db.session.execute(query.order_by(Bonus.given_at, Bonus.id)):
        lines[application_id].append(BonusLine(bonus_id, points, evidence))
    return lines


def _decisions(round_id: UUID) -> list[ChairLine]:
    query = sa.select(ChairDecision.order, ChairDecision.reason, ChairDecision.recorded_at).where(
        ChairDecision.round_id == round_id
    )
    rows = db.session.execute(query.order_by(ChairDecision.recorded_at, ChairDecision.id))
    return [ChairLine(tuple(UUID(text) for text in row.order), row.reason, row.recorded_at) for row in rows]
