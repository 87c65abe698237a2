"""The reads that deciding and publishing need, and those of the pages; each filtered by who looks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization, OrganizationKind, User
from app.applications.models import Application, CheckOutcome, EligibilityCheck
from app.applications.states import ApplicationState
from app.awards.models import Certificate, Decision, DecisionDesk, ResultSet
from app.awards.published import PublishedResults, Winner
from app.awards.result_content import SignedSheet
from app.awards.rules import are_results_published
from app.awards.standing import DecisionInput, Entry, PrizeOffer, Standing, ThemeStanding
from app.awards.states import CertificateState, Outcome
from app.challenges.models import Challenge, ChallengeStaff, Round, RulesVersion, Theme
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import ScoreSheet
from app.judging.official import CHAIR
from app.judging.queries import RankedEntry, RankingTable, get_ranking
from app.judging.states import SheetState


@dataclass(frozen=True)
class Board:
    """What the decision rests on, and what is decided so far; without a rubric there is no ranking.

    `orphans` are decisions on applications that have been found ineligible since; the next save takes them away.
    """

    round: Round | None
    ranking: RankingTable | None
    standing: Standing
    decisions: dict[UUID, DecisionInput]
    orphans: dict[UUID, DecisionInput]
    desk: DecisionDesk | None

    @property
    def version(self) -> int:
        """The version of the saved decisions; 0 before the first save."""
        return self.desk.version if self.desk else 0


def get_board(challenge: Challenge) -> Board:
    """The last round's ranking with the decisions on it; 13 statements, whatever the number of entries."""
    round_ = challenge.rounds[-1] if challenge.rounds else None
    ranking = get_ranking(round_) if round_ is not None else None
    names = (
        sa.select(Theme.id, Organization.name)
        .join(Organization, Organization.id == Theme.sponsor_id)
        .where(Theme.challenge_id == challenge.id)
    )
    sponsors = dict(db.session.execute(names).all())
    offers = tuple(PrizeOffer(p.id, p.title, p.count, p.amount_krw) for p in challenge.prizes)
    standing, saved = _standing(ranking, sponsors, offers), get_decisions(challenge.id)
    return Board(
        round=round_,
        ranking=ranking,
        standing=standing,
        decisions={i: decision for i, decision in saved.items() if i in standing.by_application},
        orphans={i: decision for i, decision in saved.items() if i not in standing.by_application},
        desk=db.session.scalar(
            sa.select(DecisionDesk)
            .where(DecisionDesk.challenge_id == challenge.id)
            .options(joinedload(DecisionDesk.saved_by))
        ),
    )


def _standing(
    ranking: RankingTable | None, sponsors: dict[UUID, Bilingual], prizes: tuple[PrizeOffer, ...]
) -> Standing:
    if ranking is None:
        return Standing((), prizes, pass_mark=None, pass_mark_sees_bonus=False, chair_decides=False, open_sheets=0)
    return Standing(
        themes=tuple(
            ThemeStanding(
                theme_id=theme.id,
                code=theme.code,
                title=theme.title,
                sponsor=sponsors[theme.id],
                winners=theme.winners,
                entries=tuple(sorted(map(_entry, ranking.in_theme(theme.id)), key=_order)),
            )
            for theme in ranking.themes
        ),
        prizes=prizes,
        pass_mark=ranking.rule.pass_mark,
        pass_mark_sees_bonus=ranking.rule.pass_mark_sees_bonus,
        chair_decides=CHAIR in ranking.rule.tie_break,
        open_sheets=ranking.open_sheets,
    )


def _entry(ranked: RankedEntry) -> Entry:
    return Entry(
        application_id=ranked.application_id,
        number=ranked.receipt_number,
        startup=ranked.company,
        theme_id=ranked.theme.id,
        place=ranked.theme_rank,
        rank=ranked.rank,
        mean=ranked.mean,
        bonus=ranked.bonus,
        final=ranked.final,
        passes=bool(ranked.passes),
        sheets=ranked.sheets,
        lowest=ranked.placed.lowest,
        highest=ranked.placed.highest,
    )


def _order(entry: Entry) -> tuple[bool, int, Decimal, str]:
    """By place, then what does not pass by its score; a tie by name, never by the order of receipt."""
    lowest = Decimal(-1)
    return (
        entry.place is None,
        entry.place or 0,
        -(entry.final if entry.final is not None else lowest),
        entry.startup.ko or entry.startup.en,
    )


def get_decisions(challenge_id: UUID) -> dict[UUID, DecisionInput]:
    """What is decided so far, by application."""
    query = sa.select(
        Decision.application_id, Decision.outcome, Decision.prize_id, Decision.reserve_rank, Decision.reason
    )
    rows = db.session.execute(query.where(Decision.challenge_id == challenge_id))
    return {row.application_id: DecisionInput(row.outcome, row.prize_id, row.reserve_rank, row.reason) for row in rows}


@dataclass(frozen=True)
class DecidedCounts:
    """How far the decision is: of `eligible` entries, `decided` have a decision, `selected` a place."""

    eligible: int
    decided: int
    selected: int


def count_decided(challenge_id: UUID) -> DecidedCounts:
    """One statement."""
    query = (
        sa.select(
            sa.func.count(),
            sa.func.count(Decision.id),
            sa.func.count(sa.case((Decision.outcome == Outcome.SELECTED, 1))),
        )
        .select_from(Application)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Application.challenge_id == challenge_id, Application.state == ApplicationState.ELIGIBLE)
    )
    return DecidedCounts(*db.session.execute(query).one())


def list_signed_sheets(round_: Round) -> list[SignedSheet]:
    """The signed sheets of the round's eligible entries."""
    query = (
        sa.select(ScoreSheet.application_id, ScoreSheet.judge_id, ScoreSheet.scores, ScoreSheet.total)
        .join(Application, Application.id == ScoreSheet.application_id)
        .where(
            ScoreSheet.round_id == round_.id,
            ScoreSheet.state == SheetState.SIGNED,
            Application.state == ApplicationState.ELIGIBLE,
        )
    )
    return [SignedSheet(*row) for row in db.session.execute(query)]


def get_rules_version(challenge_id: UUID) -> RulesVersion | None:
    """The version of the rules in force."""
    query = sa.select(RulesVersion).where(RulesVersion.challenge_id == challenge_id)
    return db.session.scalar(query.order_by(RulesVersion.number.desc()).limit(1))


def get_named_rules(result_set: ResultSet) -> RulesVersion | None:
    """The version of the rules that the result set was published under."""
    named = result_set.content.get("rules") or {}
    query = sa.select(RulesVersion).where(RulesVersion.challenge_id == result_set.challenge_id)
    return db.session.scalar(query.where(RulesVersion.number == named.get("number", 0)))


def get_publishing_event(result_set: ResultSet) -> AuditEvent | None:
    """The event of the trail that published the result set; None while it is not sealed."""
    query = sa.select(AuditEvent).where(
        AuditEvent.subject_kind == "resultset",
        AuditEvent.subject_id == result_set.id,
        AuditEvent.action.in_(["awards.publish_results", "awards.correct_results"]),
        AuditEvent.position.is_not(None),
    )
    return db.session.scalar(query.order_by(AuditEvent.position).limit(1))


def list_result_sets(challenge_id: UUID) -> list[ResultSet]:
    """All result sets, the latest first."""
    query = sa.select(ResultSet).where(ResultSet.challenge_id == challenge_id)
    return list(db.session.scalars(query.order_by(ResultSet.number.desc())))


def list_public_sets(challenge_id: UUID, now: datetime) -> list[ResultSet]:
    """Those that everybody may read, the latest first."""
    return [one for one in list_result_sets(challenge_id) if PublishedResults.of(one).is_public(now)]


def get_result_set(challenge_id: UUID, number: int | None = None) -> ResultSet | None:
    """The result set of that number, or the latest."""
    query = (
        sa.select(ResultSet).where(ResultSet.challenge_id == challenge_id).order_by(ResultSet.number.desc()).limit(1)
    )
    if number is not None:
        query = query.where(ResultSet.number == number)
    return db.session.scalar(query)


def get_published_results(challenge: Challenge, number: int | None = None) -> PublishedResults | None:
    """What the organizer published, and each applicant reads of the own: the latest result set, or an earlier one."""
    if not are_results_published(challenge):
        return None
    found = get_result_set(challenge.id, number)
    return PublishedResults.of(found) if found else None


def get_public_results(challenge: Challenge, now: datetime, number: int | None = None) -> PublishedResults | None:
    """What everybody may read at that moment; None before the results are published, and before they are public."""
    results = get_published_results(challenge, number)
    return results if results and results.is_public(now) else None


def list_winners(challenge: Challenge, now: datetime) -> list[Winner]:
    """The winners as everybody may read them, by prize. One statement."""
    results = get_public_results(challenge, now)
    return results.winners if results else []


def get_challenge_by_slug(slug: str) -> Challenge | None:
    query = sa.select(Challenge).where(Challenge.slug == slug)
    return db.session.scalar(query.options(joinedload(Challenge.host), selectinload(Challenge.milestones)))


def get_own_application(user: User, application_id: UUID) -> Application | None:
    """An application of the person's own startup."""
    mine = [membership.organization_id for membership in user.memberships]
    query = sa.select(Application).where(Application.id == application_id, Application.startup_id.in_(mine))
    loaded = joinedload(Application.challenge).options(joinedload(Challenge.host), selectinload(Challenge.milestones))
    return db.session.scalar(query.options(loaded, joinedload(Application.theme)))


def get_ineligible_reason(application_id: UUID) -> str:
    """Why the eligibility check turned the application down."""
    query = sa.select(EligibilityCheck.reason).where(
        EligibilityCheck.application_id == application_id, EligibilityCheck.outcome == CheckOutcome.INELIGIBLE
    )
    return (
        db.session.scalar(query.order_by(EligibilityCheck.checked_at.desc(), EligibilityCheck.id.desc()).limit(1)) or ""
    )


def list_flagged_certificates(challenge_id: UUID) -> list[Certificate]:
    """Certificates that say what a later correction changed: to be revoked or issued anew, by hand."""
    changed: dict[UUID, ResultSet] = {}
    for result_set in reversed(list_result_sets(challenge_id)):
        changed |= {UUID(text): result_set for text in result_set.content.get("changed", [])}
    if not changed:
        return []
    query = (
        sa.select(Certificate)
        .join(Decision, Decision.id == Certificate.decision_id)
        .where(Decision.application_id.in_(changed), Certificate.state != CertificateState.REVOKED)
        .options(joinedload(Certificate.decision))
        .order_by(Certificate.year, Certificate.number)
    )
    return [c for c in db.session.scalars(query) if c.requested_at < changed[c.decision.application_id].published_at]


def get_managed_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A challenge whose organizer's pages the person may read, with all that deciding needs."""
    staffed = sa.select(ChallengeStaff.id).where(
        ChallengeStaff.challenge_id == Challenge.id, ChallengeStaff.user_id == user.id
    )
    mine = sa.or_(Challenge.host_id.in_(user.organization_ids(OrganizationKind.HOST)), staffed.exists())
    return db.session.scalar(
        sa.select(Challenge)
        .where(Challenge.id == challenge_id, mine)
        .options(
            joinedload(Challenge.host),
            selectinload(Challenge.staff),
            selectinload(Challenge.prizes),
            selectinload(Challenge.milestones),
            selectinload(Challenge.rounds).selectinload(Round.criteria),
        )
    )


def list_checked_applications(challenge_id: UUID, only: Collection[UUID] | None = None) -> list[Application]:
    """The applications that have an end to their eligibility check, with theme and startup; by receipt number."""
    query = sa.select(Application).where(
        Application.challenge_id == challenge_id,
        Application.state.in_([ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE]),
    )
    if only is not None:
        query = query.where(Application.id.in_(only))
    loaded = (joinedload(Application.theme), joinedload(Application.startup))
    return list(db.session.scalars(query.options(*loaded).order_by(Application.receipt_number)))
